// AI assistants and plugins, what helps with texts for them, and what support asks for.

import assert from 'node:assert/strict'
import { after, afterEach, it } from 'node:test'
import { inspect } from 'node:util'
import {
  Client,
  DingStreamError,
  escapeMarkdown,
  ForbiddenError,
  fitMarkdown,
  GraphRequest,
  graphResponse,
  imageMarkdown,
  linkTo,
  mention,
  splitMarkdown,
  text
} from 'dingstream'
import { Simulator } from './simulator.mjs'

const simulator = await Simulator.start({ after })
let client

afterEach(async () => {
  await client?.stop(0)
  await simulator.reset()
})

it('a request of a plugin is read, and what is returned answers it', async () => {
  client = new Client(simulator.options())
  client.onGraph((request) => {
    const { method, uri, body, requestHeaders } = request
    return graphResponse({ method, uri, body, requestHeaders }, { status: 404, headers: { 'X-Trace': 't' } })
  })
  await client.start()
  const { data } = await simulator.answer(
    await simulator.push({ kind: 'graph', method: 'PUT', uri: '/a?b', body: { d: 1 } })
  )
  assert.deepEqual(data.response.statusLine, { code: 404, reasonPhrase: 'Not Found' })
  assert.deepEqual(data.response.headers, { 'content-type': 'application/json', 'x-trace': 't' })
  const told = JSON.parse(data.response.body)
  assert.deepEqual([told.method, told.uri, told.body], ['PUT', '/a?b', '{"d":1}'])
  assert.equal(told.requestHeaders['content-type'], 'application/json')
})

it('a loop takes requests too', async () => {
  client = new Client(simulator.options())
  const pushed = simulator.records({ kind: 'connect', status: 101 }).then(() => simulator.push({ kind: 'graph' }))
  for await (const request of client.deliveries('graph')) {
    assert.ok(request instanceof GraphRequest)
    request.ok(graphResponse('hi'))
    client.stop(5000)
  }
  assert.equal((await simulator.answer(await pushed)).data.response.body, 'hi')
})

it('a text is a body as it is, and what is no JSON is refused', () => {
  assert.equal(graphResponse('plain', { contentType: 'text/plain' }).body, 'plain')
  assert.equal(graphResponse().body, '')
  assert.throws(() => graphResponse(() => {}), /a body is a JSON value/)
  assert.throws(() => graphResponse('', { status: 'x' }), /a whole number/)
  for (const status of [-1, 70_000]) assert.throws(() => graphResponse('', { status }), /no such HTTP status/)
})

it('markdown is shaped for DingTalk', () => {
  assert.deepEqual([escapeMarkdown('a*b'), mention('138'), imageMarkdown('@p')], ['a\\*b', '@138', '![](@p)'])
  assert.match(linkTo('https://a', 'browser'), /url=https%3A%2F%2Fa&pc_slide=false$/)
  assert.equal(fitMarkdown('```\nx\n```\n'), '> x  \n')
  assert.deepEqual(splitMarkdown('字'.repeat(60), 90), ['字'.repeat(30), '字'.repeat(30)])
  assert.throws(() => linkTo('https://a', 'window'), /the places are panel, browser/)
  for (const bytes of [-1, NaN, '90']) assert.throws(() => splitMarkdown('x', bytes), /a whole number of bytes/)
})

it('an error tells support, and names what to grant', async () => {
  await simulator.order('settings', { deniedScopes: { '/v1.0/robot/groupMessages/send': ['a.B', 'c.D'] } })
  client = new Client(simulator.options())
  const error = await client.send(text('planted'), { group: 'cid1==' }).catch((error) => error)
  assert.ok(error instanceof ForbiddenError && error instanceof DingStreamError)
  assert.deepEqual(error.requiredScopes, ['a.B', 'c.D'])
  assert.match(error.supportText, /^client id: ding-demo$/m)
  assert.match(error.supportText, /\/v1\.0\/robot\/groupMessages\/send$/m)
  assert.doesNotMatch(error.supportText, /planted|demo-secret/)
  assert.doesNotMatch(inspect(error), /supportText/)
  assert.throws(
    () => client.onMessage(7),
    ({ requiredScopes, supportText }) => requiredScopes.length === 0 && supportText === ''
  )
})
