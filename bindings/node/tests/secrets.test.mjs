// No secret reaches a log, an error, or what is shown for debugging.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, afterEach, beforeEach, describe, it, mock } from 'node:test'
import { fileURLToPath } from 'node:url'
import { format, inspect } from 'node:util'
import {
  AnsweredError,
  ArgumentError,
  AuthError,
  CardResponse,
  Client,
  ConfigError,
  Later,
  markdown,
  NetworkError,
  text
} from 'dingstream'
import { Simulator } from './simulator.mjs'

/** Every planted secret has it somewhere inside. */
const MARK = 'planted'
const PROXY = 'http://planted-user:planted-password@127.0.0.1:1'
const SAID = 'planted-text'

const simulator = await Simulator.start({ after })
let client
let ear

// All that goes to the console is heard, the log with it.
beforeEach(() => {
  ear = new Ear()
  for (const method of ['error', 'warn', 'info', 'debug', 'log']) {
    mock.method(console, method, (...lines) => ear.told.push(format(...lines)))
  }
})

afterEach(async () => {
  mock.restoreAll()
  await client?.stop(0)
  await simulator.reset()
})

/** All that was told. */
class Ear {
  told = []
  secrets = [MARK]

  hear(...things) {
    for (const thing of things) {
      for (const customInspect of [true, false]) {
        this.told.push(inspect(thing, { depth: 9, showHidden: true, getters: false, customInspect }))
      }
      this.told.push(format('%s %o %O %j', thing, thing, thing, thing), String(thing), JSON.stringify(thing))
      this.told.push(...Reflect.ownKeys(Object(thing)).map((name) => `${String(name)}=${inspect(thing[name])}`))
      console.log(thing)
    }
  }

  error(error) {
    this.hear(error, error.cause)
    for (let of = error; of !== null; of = Object.getPrototypeOf(of)) {
      for (const name of Reflect.ownKeys(of)) this.told.push(`${String(name)}=${inspect(error[name])}`)
    }
  }

  /** What a promise rejects with, which must be of that class. */
  async refusal(errorClass, promise) {
    this.hear(promise)
    await assert.rejects(promise, (error) => {
      this.error(error)
      return error instanceof errorClass
    })
  }

  check(...expected) {
    const everything = this.told.join('\n')
    for (const told of expected) assert.match(everything, told, 'it was to be told, or this test proves nothing')
    for (const secret of this.secrets) assert.ok(!everything.includes(secret), `a secret is told:\n${everything}`)
  }
}

/** A client of an app whose secret is planted, with all of its log in the ear. */
async function marked(options) {
  await simulator.order('apps', { clientId: 'ding-marked', clientSecret: 'planted-client-secret' })
  const credential = { clientId: 'ding-marked', clientSecret: 'planted-client-secret' }
  client = new Client(
    simulator.options({ ...credential, logLevel: 'trace', answerMessage: 'on_completion', backoffMaxMs: 1, ...options })
  )
  return client
}

const push = (kind, order) => simulator.push({ kind, clientId: 'ding-marked', ...order })

describe('no secret is told', () => {
  it('by a session that meets everything', async () => {
    const body = { endpoint: 'http://h/planted-path', ticket: 'planted-ticket' }
    await simulator.order('break', { what: 'open', status: 200, body, times: 1 })
    await simulator.order('break', { what: 'upgrade', status: 401, body: 'planted-body', times: 1 })
    const deliveries = (await marked()).deliveries('message', 'card', 'event', 'state')
    const come = async (wanted) => {
      for (;;) {
        const { value } = await deliveries.next()
        ear.hear(value)
        if (value.kind === wanted || value.topic === wanted) return value
      }
    }
    await come('open')
    await push('frame', { text: '{"planted": broken' })
    await push('callback', { topic: '/v1.0/unknown', data: 'planted' })
    await push('message', { text: SAID, senderNick: 'planted-nick' })
    const message = await come('message')
    ear.secrets.push(message.json().sessionWebhook.split('session=')[1])
    const reply = markdown('planted-title', SAID, { atMobiles: ['planted-mobile'] })
    ear.hear(client, deliveries, reply, new Later('busy'), client.stats(), client.metrics())
    ear.hear(await message.reply(reply))
    for (const errcode of [310000, 300001]) {
      await simulator.order('break', { what: 'webhook', errcode, errmsg: 'refused', times: 1 })
      await ear.refusal(Error, message.reply(reply, { via: 'session' }))
    }
    await simulator.order('break', { what: 'webhook', status: 502, body: '<html>planted', times: 1 })
    message.reply(reply)
    await simulator.replies(4)
    const typed = message.card(SAID, { fallback: SAID })
    typed.push(SAID)
    typed.button(SAID, { id: 'planted-action' })
    ear.hear(typed, await typed.finish())
    assert.throws(() => typed.push(SAID), heard(AnsweredError))
    message.card(SAID, { template: 'planted.schema', key: 'planted' }).push(SAID)
    message.ok()
    assert.throws(() => message.ok(SAID), heard(AnsweredError))
    for (const url of [PROXY, 'http://[planted', 'ftp://planted']) {
      await push('message', { text: SAID, data: { sessionWebhook: url } })
      await ear.refusal(Error, (await come('message')).reply(reply, { via: 'session' }))
    }
    await ear.refusal(ArgumentError, message.reply({ text: SAID }))
    await push('card', { actionIds: ['planted-action'], params: { planted: 'planted' } })
    const card = await come('card')
    assert.throws(() => card.ok({ [SAID]: 1n }), heard(ArgumentError))
    assert.throws(() => new CardResponse({ [SAID]: 1n }), heard(ArgumentError))
    ear.hear(new CardResponse({ [SAID]: SAID }))
    card.fail('no')
    await push('event', { eventType: 'user_add_org', data: { planted: 1 } })
    await come('event')
    await simulator.order('break', { what: 'drop' })
    await come('waiting')
    await come('open')
    await client.stop(0)
    ear.check(
      ...[
        /no ws or wss URL/,
        /refused the upgrade/,
        /a frame was skipped/,
        /Message\(markdown\)/,
        /Client\(ding-marked/,
        /CardSession/,
        /CardResponse/
      ],
      ...[/via: 'session'/, /310000/, /300001/, /nobody looked at the error of reply/, /HTTP 502/, /settled before/],
      ...[
        /127\.0\.0\.1 can't be reached/,
        /is not valid/,
        /is none \(/,
        /an object \(Object\)/,
        /the connection was lost/
      ]
    )
  })

  it('by a handler that fails', async () => {
    await marked()
    client.onMessage((message) => {
      message.reply(text(' '))
      throw new TypeError(`no use for ${inspect(message)}`)
    })
    client.onCard(() => () => SAID)
    await client.start()
    await push('message', { text: SAID })
    await push('card', { actionIds: ['planted-action'] })
    await simulator.records({ kind: 'answer', code: 500 }, 2)
    await client.stop(5000)
    ear.check(/handler of a delivery of kind message/, /TypeError: no use for BotMessage/, /this is function/)
  })

  for (const [told, wrong] of [
    [/proxy/, { proxy: 'http://planted-user:planted-password@host:port' }],
    [/proxy/, { proxy: 'gopher://planted-user:planted-password@host:1' }],
    [/api_proxy/, { apiProxy: 'planted-password' }],
    [/proxy takes/, { proxy: ['planted'] }],
    [/the endpoint is no/, { endpoint: 'http://planted-user:planted@host:port' }],
    [/client_secret takes/, { clientSecret: ['planted'] }],
    [/extras takes/, { extras: { planted: 1 } }],
    [/one of on_receipt/, { answerCard: 'planted' }]
  ]) {
    it(`by the refusal of an option: ${Object.keys(wrong)} (${told})`, async () => {
      await assert.rejects(marked({ proxy: PROXY, ...wrong }), heard(ConfigError))
      ear.check(told, /ConfigError/)
    })
  }

  it('by a refused start', async () => {
    await marked({ clientSecret: 'planted-wrong-secret' })
    await ear.refusal(AuthError, client.onMessage(() => {}).start())
    ear.check(/authFailed/, /refused the credential/)
  })

  it('by a proxy that can not be reached', async () => {
    await marked({ proxy: PROXY })
    for await (const change of client.deliveries('message', 'state')) {
      ear.hear(change, change.data, client)
      if (change.state === 'waiting') break
    }
    await client.stop(0)
    await marked({ apiProxy: PROXY })
    client.onMessage((message) => ear.refusal(NetworkError, message.reply(text(SAID))))
    await client.start()
    await simulator.answer(await push('message', { text: SAID }))
    ear.check(/no connection \(try 1/, /NetworkError/)
  })

  for (const [how, name] of [
    ['options', 'ConfigError'],
    ['start', 'AuthError'],
    ['promise', 'AuthError']
  ]) {
    it(`by Node itself where a program looks at no error of its ${how}`, () => {
      const path = fileURLToPath(new URL('programs/uncaught.mjs', import.meta.url))
      const env = { ...process.env, DINGSTREAM_ENDPOINT: simulator.url, SECRET: 'planted-wrong-secret', PROXY }
      const { status, stdout, stderr } = spawnSync(process.execPath, [path, how], { env, encoding: 'utf8' })
      assert.equal(status, 1)
      assert.match(stderr, new RegExp(`${name}: [\\s\\S]*kind|${name}: `))
      assert.doesNotMatch(stdout + stderr, /planted/)
    })
  }
})

/** Whether an error is of that class; it is heard. */
function heard(errorClass) {
  return (error) => {
    ear.error(error)
    return error instanceof errorClass
  }
}
