import assert from 'node:assert/strict'
import { after, afterEach, describe, it } from 'node:test'
import { inspect } from 'node:util'
import * as dingstream from 'dingstream'
import { Simulator } from './simulator.mjs'

const { Client, DingStreamError, markdown, text } = dingstream
const simulator = await Simulator.start({ after })
let client

afterEach(async () => {
  await client?.stop(0)
  await simulator.reset()
})

/** What `use` rejects with when it is given a bot message. */
async function withMessage(use, push = {}) {
  await client?.stop(0)
  client = new Client(simulator.options()).onLog(() => {})
  const failed = new Promise((resolve) => {
    client.onMessage((message) => use(message).then(resolve, resolve))
  })
  await client.start()
  await simulator.message('hi', push)
  return failed
}

describe('an error', () => {
  it('has a class for every kind, and each is a DingStreamError', () => {
    const classes = Object.values(dingstream).filter((value) => value.prototype instanceof DingStreamError)
    assert.ok(classes.length >= 21)
    for (const errorClass of classes) assert.equal(dingstream[errorClass.name], errorClass)
  })

  it('is config for options that can not work, without the secret', () => {
    const options = { clientId: '', clientSecret: 'planted-secret' }
    assert.throws(
      () => new Client(options),
      (error) => {
        assert.ok(error instanceof dingstream.ConfigError)
        assert.equal(error.kind, 'config')
        assert.match(error.message, /client_id is empty: copy it/)
        assert.match(error.hint, /developer console/)
        assert.doesNotMatch(inspect(error, { depth: 9 }), /planted/)
        return true
      }
    )
    assert.throws(() => new Client({ ...options, colour: 1 }), { message: 'there is no option "colour"' })
    assert.throws(() => new Client(), dingstream.ArgumentError)
  })

  it('is config for a handler that comes after the start', async () => {
    client = new Client(simulator.options()).onMessage(() => {})
    await client.start()
    for (const register of ['onMessage', 'onEvent', 'onCard', 'onState']) {
      assert.throws(() => client[register](() => {}), dingstream.ConfigError, register)
    }
    assert.throws(() => client.on('/v1.0/x', () => {}), dingstream.ConfigError)
    assert.throws(() => client.deliveries('message'), dingstream.ConfigError)
  })

  it('is config for a start without a handler', async () => {
    client = new Client(simulator.options())
    await assert.rejects(client.start(), { kind: 'config', stage: 'call:start' })
    await assert.rejects(client.run(), dingstream.ConfigError)
    client.onMessage(() => {})
    await client.start()
  })

  it('is argument for what is no handler, message, mention or deadline', async () => {
    client = new Client(simulator.options())
    assert.throws(() => client.onMessage('echo'), {
      kind: 'argument',
      message: "a handler is a function, and this is 'echo'"
    })
    assert.throws(() => client.stop('soon'), dingstream.ArgumentError)
    assert.throws(() => text('x', { atMobile: ['1'] }), { message: /it takes atMobiles, atUserIds, atAll/ })
    for (const message of ['hello', null, undefined, { type: 'text' }]) {
      const error = await withMessage((delivery) => delivery.reply(message))
      assert.equal(error.kind, 'argument')
    }
    assert.equal((await withMessage((delivery) => delivery.reply(markdown(1, 'x')))).kind, 'argument')
  })

  it('is auth for a wrong secret, with everything that DingTalk said', async () => {
    client = new Client(simulator.options({ clientSecret: 'planted-secret' })).onMessage(() => {}).onLog(() => {})
    await assert.rejects(client.start(), (error) => {
      assert.ok(error instanceof dingstream.AuthError && error.name === 'AuthError')
      assert.deepEqual(
        [error.kind, error.stage, error.httpStatus, error.platformCode, error.retryable],
        ['auth', 'open', 401, 'authFailed', false]
      )
      assert.match(error.stack, /^AuthError: the endpoint refused[\s\S]*errors\.test\.mjs/)
      return true
    })
  })

  it('is argument for a reply to what is no message', async () => {
    client = new Client(simulator.options()).onLog(() => {})
    const failed = new Promise((resolve) => {
      client.onCard((action) =>
        action
          .reply(text('x'))
          .catch(resolve)
          .then(() => {})
      )
    })
    await client.start()
    await simulator.push({ kind: 'card', actionIds: ['a'] })
    assert.ok((await failed) instanceof dingstream.ArgumentError)
  })

  it('is rejected, with the business code, where DingTalk refuses a reply', async () => {
    await simulator.order('break', { what: 'webhook', errcode: 310000, errmsg: 'no' })
    const error = await withMessage((message) => message.reply(text('x')))
    assert.deepEqual([error.constructor.name, error.platformCode], ['RejectedError', '310000'])
    assert.match(error.stack, /errors\.test\.mjs/)
  })

  it('is expired for a reply that comes too late', async () => {
    const error = await withMessage((message) => message.reply(text('x'), { via: 'session' }), {
      data: { sessionWebhookExpiredTime: 1 }
    })
    assert.ok(error instanceof dingstream.ExpiredError)
  })

  it('is not_found where the message came from nowhere', async () => {
    const data = { sessionWebhook: null, senderStaffId: null }
    const error = await withMessage((message) => message.reply(text('x')), { data })
    assert.ok(error instanceof dingstream.NotFoundError)
  })

  it('is network where nobody listens, and retryable', async () => {
    const error = await withMessage((message) => message.reply(text('x')), {
      data: { sessionWebhook: 'http://127.0.0.1:1/' }
    })
    assert.deepEqual([error.constructor.name, error.retryable], ['NetworkError', true])
  })

  it('is closed for a start that is stopped before the first connection', async () => {
    client = new Client(simulator.options({ endpoint: 'http://127.0.0.1:1' })).onMessage(() => {}).onLog(() => {})
    const start = client.start()
    await client.stop(0)
    await assert.rejects(start, dingstream.ClosedError)
  })

  it('is cancelled, with the reason as its cause, where a signal is aborted', async () => {
    const controller = new AbortController()
    client = new Client(simulator.options({ endpoint: 'http://127.0.0.1:1' })).onMessage(() => {}).onLog(() => {})
    const start = client.start({ signal: controller.signal })
    controller.abort('enough')
    await assert.rejects(start, (error) => error instanceof dingstream.CancelledError && error.cause === 'enough')
    await assert.rejects(client.start({ signal: AbortSignal.abort('before') }), { kind: 'cancelled', cause: 'before' })
    const error = await withMessage((message) => message.reply(text('x'), { signal: AbortSignal.abort() }))
    assert.equal(error.kind, 'cancelled')
  })
})
