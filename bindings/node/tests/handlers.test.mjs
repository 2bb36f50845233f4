import assert from 'node:assert/strict'
import { after, afterEach, describe, it } from 'node:test'
import { BotMessage, Client, Later, TOPICS, text } from 'dingstream'
import { Simulator } from './simulator.mjs'

const simulator = await Simulator.start({ after })
let records
let client

/** A started client whose log is kept. */
async function started(register, options) {
  client = new Client(simulator.options({ answerMessage: 'on_completion', ...options }))
  const log = []
  records = log
  client.onLog((record) => log.push(record))
  register(client)
  await client.start()
}

const event = { kind: 'event', eventType: 'user_add_org' }
const card = { kind: 'card', actionIds: ['like'] }

afterEach(async () => {
  await client.stop(0)
  await simulator.reset()
})

describe('what a handler returns', () => {
  it('is of no interest for a message', async () => {
    await started((client) => client.onMessage(() => ({ ignored: true })))
    assert.deepEqual(await simulator.answer(await simulator.message('hi')), { code: 200, data: { response: null } })
  })

  it('is the response for a card and for a topic, also as a promise', async () => {
    await started((client) => {
      client.onCard(async () => ({ cardData: {} }))
      client.on('/v1.0/x', (delivery) => [delivery.json(), null, 'text'])
    })
    assert.deepEqual((await simulator.answer(await simulator.push(card))).data, { response: { cardData: {} } })
    const pushed = await simulator.push({ kind: 'callback', topic: '/v1.0/x', data: { a: 1 } })
    assert.deepEqual((await simulator.answer(pushed)).data, { response: [{ a: 1 }, null, 'text'] })
  })

  it('means later where it is Later, for every kind', async () => {
    await started((client) => client.onEvent(() => new Later('busy')).onCard(async () => new Later()))
    assert.deepEqual((await simulator.answer(await simulator.push(event))).data, { status: 'LATER', message: 'busy' })
    assert.equal((await simulator.answer(await simulator.push(card))).code, 500)
  })

  for (const [what, value] of [
    ['a function', () => {}],
    ['a bigint', 1n]
  ]) {
    it(`fails a card where it is ${what}, and the log names it`, async () => {
      await started((client) => client.onCard(() => value))
      assert.equal((await simulator.answer(await simulator.push(card))).code, 500)
      assert.match(String(records[0].error), what === 'a function' ? /function/ : /BigInt/)
    })
  }

  it('comes through with lone surrogates replaced', async () => {
    await started((client) => client.onCard(() => ({ said: 'x\ud800y', kept: '\\ud800' })))
    const { data } = await simulator.answer(await simulator.push(card))
    assert.deepEqual(data.response, { said: 'x\ufffdy', kept: '\\ud800' })
  })
})

describe('a handler that fails', () => {
  for (const [how, handler] of [
    [
      'throws',
      () => {
        throw new Error('planted-secret')
      }
    ],
    [
      'rejects',
      async () => {
        throw new Error('planted-secret')
      }
    ],
    ['rejects with no error', () => Promise.reject()]
  ]) {
    it(`is told as failed and logged where it ${how}`, async () => {
      await started((client) => client.onEvent(handler))
      const pushed = await simulator.push(event)
      const { code, data } = await simulator.answer(pushed)
      assert.deepEqual({ code, data }, { code: 500, data: { status: 'LATER', message: 'the handler failed' } })
      const [record] = records
      assert.deepEqual([record.level, record.target], ['error', 'handler'])
      assert.equal(record.message, `the handler of a delivery of kind event (${pushed.messageId}) failed`)
      if (how !== 'rejects with no error') assert.match(record.error.stack, /planted-secret[\s\S]*handlers\.test/)
    })
  }

  it('does not end the process or hold up the next delivery', async () => {
    await started((client) =>
      client.onMessage((message) => {
        if (message.text === 'bad') throw new TypeError('bad')
      })
    )
    assert.equal((await simulator.answer(await simulator.message('bad'))).code, 500)
    assert.equal((await simulator.answer(await simulator.message('good'))).code, 200)
  })
})

describe('handlers', () => {
  it('are chosen by event type, and the rest goes to the handler for all events', async () => {
    const heard = []
    await started((client) => {
      client.onEvent('user_add_org', 'org_remove', (event) => heard.push(['typed', event.eventType]))
      client.onEvent((event) => heard.push(['all', event.eventType]))
    })
    for (const eventType of ['user_add_org', 'org_remove', 'other']) {
      await simulator.answer(await simulator.push({ kind: 'event', eventType }))
    }
    assert.deepEqual(heard, [
      ['typed', 'user_add_org'],
      ['typed', 'org_remove'],
      ['all', 'other']
    ])
  })

  it('are chosen by topic before kind, with the view of the kind', async () => {
    const heard = []
    await started((client) => {
      client.onMessage(() => heard.push('message'))
      client.on(TOPICS.BOT_DELEGATE, (message) => heard.push(message instanceof BotMessage && message.text))
    })
    await simulator.answer(await simulator.message('hi', { topic: TOPICS.BOT_DELEGATE }))
    await simulator.answer(await simulator.message('hi'))
    assert.deepEqual(heard, ['hi', 'message'])
  })

  it('may settle themselves, once', async () => {
    let refused
    await started((client) =>
      client.onCard((action) => {
        action.ok({ mine: true })
        assert.ok(action.settled)
        try {
          action.later()
        } catch (error) {
          refused = error
        }
        return { ignored: true }
      })
    )
    assert.deepEqual((await simulator.answer(await simulator.push(card))).data, { response: { mine: true } })
    assert.equal(refused.kind, 'answered')
    assert.equal((await simulator.records({ kind: 'answer' })).length, 1)
  })

  it('may keep a delivery and settle and read it later', async () => {
    let keep
    const kept = new Promise((resolve) => {
      keep = resolve
    })
    await started((client) =>
      client.onMessage((message) => {
        keep(message)
        return new Promise(() => {})
      })
    )
    const pushed = await simulator.message('later')
    await simulator.message('')
    const message = await kept
    globalThis.gc?.()
    message.fail('not today')
    assert.equal((await simulator.answer(pushed)).code, 500)
    assert.equal(message.text, 'later')
  })

  it('may keep many that came together, and settles each of them as itself', async () => {
    const kept = []
    let enough
    const all = new Promise((resolve) => {
      enough = resolve
    })
    await started((client) =>
      client.onMessage((message) => {
        if (kept.push(message) === 40) enough()
        return new Promise(() => {})
      })
    )
    const { pushed } = await simulator.order('push', { kind: 'message', count: 40, conversations: 40 })
    await all
    assert.deepEqual(
      kept.map(({ msgId }) => msgId),
      pushed.map(({ msgId }) => msgId)
    )
    const failing = kept.filter((_, at) => at % 7 === 3)
    for (const message of kept) failing.includes(message) ? message.fail() : message.ok()
    const answers = await simulator.records({ kind: 'answer' }, 40)
    const failed = answers.filter(({ code }) => code === 500)
    assert.deepEqual(
      failed.map(({ msgId }) => msgId),
      failing.map(({ msgId }) => msgId)
    )
  })

  it('of nobody: an event is consumed and a card answered as unknown', async () => {
    await started((client) => client.onEvent('never', () => {}).onMessage(() => {}))
    assert.deepEqual((await simulator.answer(await simulator.push(event))).data.status, 'SUCCESS')
    const [{ connection }] = await simulator.records({ kind: 'connect' })
    assert.equal((await simulator.answer(await simulator.push({ ...card, connection }))).code, 404)
  })

  it('reply', async () => {
    await started((client) => client.onMessage((message) => message.reply(text('hello', { atMobiles: ['138'] }))))
    await simulator.answer(await simulator.message('hi'))
    const [body] = await simulator.replies()
    assert.equal(body.text.content.includes('hello'), true)
    assert.deepEqual(body.at.atMobiles, ['138'])
  })
})
