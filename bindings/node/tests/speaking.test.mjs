// What a client says without being asked, and the ways of a reply.

import assert from 'node:assert/strict'
import { after, afterEach, describe, it } from 'node:test'
import {
  ArgumentError,
  actionCard,
  audio,
  Client,
  ForbiddenError,
  feedCard,
  file,
  image,
  link,
  markdown,
  text,
  video
} from 'dingstream'
import { Simulator } from './simulator.mjs'

const PATH = '/v1.0/contact/users/search'

const simulator = await Simulator.start({ after })
let client

afterEach(async () => {
  await client?.stop(0)
  await simulator.reset()
})

/** A client that needs no start for what it says. */
function idle() {
  client = new Client(simulator.options()).onLog(() => {})
  return client
}

/** Without what was refused for a token that was given before a reset. */
const taken = (query, count) => simulator.records({ ...query, status: 200 }, count)

/** What `use` makes of a bot message. */
async function withMessage(use) {
  const used = new Promise((resolve, reject) => {
    idle().onMessage((message) => use(message).then(resolve, reject))
  })
  await client.start()
  await simulator.message('hi')
  return used
}

describe('a message that is sent', () => {
  it('goes to users in batches, without a start', async () => {
    const users = Array.from({ length: 25 }, (_, number) => `u${number}`)
    const sent = await idle().send(markdown('t', 'x'), { users })
    const batches = await taken({ kind: 'send' }, 2)
    assert.deepEqual(
      batches.map(({ users }) => users.length),
      [20, 5]
    )
    assert.deepEqual([sent.processQueryKeys.length, sent.failed, sent.lost, client.state], [2, [], undefined, 'idle'])
    const { lost } = await client.send(text('x', { atAll: true }), { users: ['u1'] })
    assert.deepEqual(lost, ['mentions'])
  })

  it('goes to groups and conversations', async () => {
    await idle().send(text('x'), { group: 'cid1==' })
    await client.send(text('x'), { conversation: 'cid2==', coolApp: 'COOLAPP-1' })
    const sent = await taken({ kind: 'send' }, 2)
    const paths = ['/v1.0/robot/groupMessages/send', '/v1.0/robot/privateChatMessages/send']
    assert.deepEqual(
      sent.map(({ path }) => path),
      paths
    )
  })

  it('has a target of one kind, and is a message', async () => {
    const wrong = [{}, { users: 'u1' }, { users: ['u1'], group: 'cid1==' }, { conversation: 'c' }, { colour: 'red' }]
    for (const target of [undefined, null, ...wrong]) {
      await assert.rejects(idle().send(text('x'), target ?? undefined), /a target is none of users, group/)
    }
    await assert.rejects(client.send('planted', { users: ['u1'] }), (error) => {
      assert.ok(error instanceof ArgumentError && !error.message.includes('planted'))
      return true
    })
  })

  it('can be asked about and taken back', async () => {
    const [key] = (await idle().send(text('x'), { users: ['u1'] })).processQueryKeys
    assert.equal((await client.readStatus(key)).sendStatus, 'SUCCESS')
    const { successResult, failedResult } = await client.recall([key, 'unknown'])
    assert.deepEqual([successResult, Object.keys(failedResult)], [[key], ['unknown']])
    const group = { group: 'cid1==' }
    const [other] = (await client.send(text('x'), group)).processQueryKeys
    await client.readStatus(other, group)
    assert.deepEqual((await client.recall([other], group)).successResult, [other])
    await assert.rejects(client.recall(key), ArgumentError)
  })

  it('is a DING, by the way of your choice', async () => {
    await idle().ding(['u1'], 'now', { remind: 'sms' })
    const [ding] = await taken({ kind: 'send' })
    assert.equal(ding.remindType, 2)
    await assert.rejects(client.ding(['u1'], 'now', { remind: 'pigeon' }), /the reminders are app, sms, phone/)
  })
})

describe('any other API', () => {
  const planted = (order) => simulator.order('answers', { method: 'POST', path: PATH, body: {}, ...order })

  it('gets its token, query and body where they belong', async () => {
    await planted({ body: { list: ['u1'] } })
    const options = { query: { a: 'b+c', size: 10 }, body: { queryWord: 'ann' } }
    assert.deepEqual(await idle().request('POST', PATH, options), { list: ['u1'] })
    const [{ query, body }] = await taken({ kind: 'request' })
    assert.deepEqual([query.a, query.size, body], ['b+c', '10', { queryWord: 'ann' }])
    await planted({ method: 'GET', path: '/topapi/x', body: { errcode: 0, a: 1 } })
    assert.equal((await client.request('GET', '/topapi/x', { host: 'oapi' })).a, 1)
  })

  it('refuses with an error of its class', async () => {
    await planted()
    const code = 'Forbidden.AccessDenied.AccessTokenPermissionDenied'
    await simulator.order('break', { what: PATH, code, status: 403 })
    await assert.rejects(idle().request('POST', PATH), (error) => {
      assert.ok(error instanceof ForbiddenError)
      assert.match(error.stack, /speaking\.test\.mjs/)
      return error.httpStatus === 403 && error.platformCode === code
    })
  })

  it('is not called where that can not work, or where nobody wants it any more', async () => {
    await assert.rejects(idle().request('GET', 'https://elsewhere/x'), /begins with one slash/)
    await assert.rejects(client.request('POST', PATH, { body: 1n }), /a request is a JSON value/)
    await assert.rejects(client.request('POST', PATH, { host: 'h' }), /the hosts are api, oapi/)
    const calls = [
      client.request('GET', PATH, { signal: AbortSignal.abort() }),
      client.readStatus('key', undefined, { signal: AbortSignal.abort() }),
      client.send(text('x'), { users: ['u1'], signal: AbortSignal.abort() })
    ]
    for (const call of calls) await assert.rejects(call, { kind: 'cancelled' })
  })

  it('is called for an organisation once the suite ticket is there', async () => {
    await planted()
    await assert.rejects(idle().request('POST', PATH, { corp: 'corp-1' }), /suite_ticket/)
    assert.throws(() => client.setSuiteTicket(7), ArgumentError)
    client.setSuiteTicket('planted-ticket')
    await client.request('POST', PATH, { corp: 'corp-1' })
    await taken({ kind: 'request', corpId: 'corp-1' })
  })
})

describe('a reply', () => {
  const buttons = ['b1', 'b2'].map((title) => ({ title, url: 'https://u' }))

  it('takes the way that carries it', async () => {
    const bySession = [
      text('x'),
      markdown('t', 'x'),
      link('t', 'x', 'https://u', { picture: 'https://p' }),
      actionCard('t', 'x', buttons.slice(1)),
      actionCard('t', 'x', buttons, { horizontal: true }),
      feedCard([{ title: 'a', url: 'https://u', picture: 'https://p' }])
    ]
    const byOpenApi = [image('@p'), audio('@a', 4000), file('@f', 'a.pdf'), video('$v', '$c', 5)]
    await withMessage(async (message) => {
      for (const said of bySession) assert.deepEqual(await message.reply(said), { via: 'session' }, said.type)
      for (const said of byOpenApi) {
        const { via, processQueryKeys } = await message.reply(said)
        assert.deepEqual([via, processQueryKeys.length], ['openapi', 1], said.type)
      }
    })
  })

  it('takes the way of your choice', async () => {
    await withMessage(async (message) => {
      const { via, lost } = await message.reply(text('x', { atUserIds: ['u1'] }), { via: 'openapi' })
      assert.deepEqual([via, lost], ['openapi', ['mentions']])
      await assert.rejects(message.reply(image('@p'), { via: 'session' }), ArgumentError)
      await assert.rejects(message.reply(text('x'), { via: 'pigeon' }), /the ways are auto, session, openapi/)
    })
  })
})
