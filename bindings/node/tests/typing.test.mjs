// Cards that type, read back as people see them.

import assert from 'node:assert/strict'
import { after, afterEach, describe, it } from 'node:test'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { inspect } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import {
  AnsweredError,
  ArgumentError,
  CancelledError,
  CardSession,
  Client,
  ConfigError,
  Later,
  RejectedError,
  Space
} from 'dingstream'
import { Simulator } from './simulator.mjs'

const FALLBACK = 'gone wrong'
const GROUP = Space.group('cid1==')

const simulator = await Simulator.start({ after })
let client
let records

afterEach(async () => {
  await client?.stop(0)
  await simulator.reset()
})

/** A client whose log is kept. To type to a group it needs no start. */
function typist(options) {
  const kept = []
  records = kept
  client = new Client(simulator.options(options)).onLog((record) => kept.push(record))
  return client
}

const open = (options) => typist().card(GROUP, 'Thinking…', { fallback: FALLBACK, ...options })

/** What `use` comes to when it is given a bot message, or the error; and what DingTalk was answered. */
async function withMessage(use, data) {
  const came = new Promise((resolve) => {
    typist({ answerMessage: 'on_completion' }).onMessage((message) => {
      const outcome = (async () => use(message))()
      outcome.then(resolve, resolve)
      return outcome
    })
  })
  await client.start()
  const pushed = await simulator.message('hi', { conversationType: '2', conversationId: 'cid1==', data })
  return { came: await came, code: (await simulator.answer(pushed)).code }
}

/** The text and the state of the one card, once it has ended. */
async function shown() {
  const [card, ...others] = await simulator.cards((cards) => cards.length > 0 && cards.every(hasEnded))
  assert.deepEqual(others, [])
  return [card.spaces[0].params.msgContent, card.state]
}

const hasEnded = ({ state }) => state === 'finished' || state === 'failed'

describe('a session', () => {
  it('types where a message came from, and ends with all of it', async () => {
    const { came } = await withMessage((message) => {
      const card = message.card('Thinking…')
      card.push('Hello, ')
      card.push('**world**.')
      card.button('Like', { id: 'like' })
      card.button('Open', { url: 'https://e', color: 'blue' })
      card.value('msgTitle', 'Greeting')
      return card.finish()
    })
    const { outTrackId, outTrackIds, via, state, calls } = came
    assert.deepEqual([via, state, outTrackIds, came.degraded], ['card', 'finished', [outTrackId], undefined])
    assert.ok(calls >= 3)
    assert.deepEqual(await shown(), ['Hello, **world**.', 'finished'])
    const [{ spaces }] = await simulator.cards()
    const { msgButtons } = JSON.parse(spaces[0].params.sys_full_json_obj)
    assert.deepEqual(msgButtons[0], { text: 'Like', id: 'like', request: true })
    assert.equal(msgButtons[1].color, 'blue')
    assert.equal(spaces[0].params.msgTitle, 'Greeting')
  })

  it('needs no connection, and shows what was set last', async () => {
    const card = open()
    card.push('first')
    card.set('second')
    assert.equal((await card.finish()).state, 'finished')
    assert.deepEqual(await shown(), ['second', 'finished'])
  })

  it('fails with a text of its own, or with the fallback', async () => {
    for (const [text, expected] of [
      ['no answer', 'no answer'],
      [undefined, FALLBACK]
    ]) {
      const card = open()
      card.push('half')
      assert.equal((await card.fail(text)).state, 'failed')
      assert.deepEqual(await shown(), [expected, 'failed'])
      await simulator.reset()
    }
  })

  it('takes nothing after its end', async () => {
    const card = open()
    card.push('x')
    await card.finish()
    assert.throws(() => card.push('y'), AnsweredError)
    assert.throws(() => card.set('y'), AnsweredError)
    assert.throws(() => card.button('b', { id: 'i' }), AnsweredError)
    assert.throws(() => card.value('msgTitle', 't'), AnsweredError)
    await assert.rejects(card.finish(), (error) => error instanceof AnsweredError && /typing\.test/.test(error.stack))
    await assert.rejects(card.fail(), AnsweredError)
    assert.deepEqual(await shown(), ['x', 'finished'])
  })

  it('types into a template of ones own', async () => {
    await simulator.order('templates', { id: 'mine.schema', variables: ['answer', 'model'], markdown: ['answer'] })
    const card = typist().card(GROUP, '…', { template: 'mine.schema', key: 'answer', data: { model: { name: 'm' } } })
    card.push('42')
    await card.finish()
    const [{ template, params }] = await simulator.cards()
    assert.deepEqual([template, params.answer, params.model], ['mine.schema', '42', '{"name":"m"}'])
  })

  it('becomes a message where cards are refused, and says why', async () => {
    const { came } = await withMessage((message) => {
      const card = message.card('Thinking…', { template: 'nowhere.schema', key: 'answer' })
      card.push('**42**')
      return card.finish()
    })
    assert.deepEqual([came.via, came.state, came.outTrackId], ['session', 'finished', null])
    assert.match(came.degraded.platform_code, /templateNotExist/)
    assert.match(JSON.stringify((await simulator.replies())[0]), /\*\*42\*\*/)
  })

  it('is refused for options that can not work', async () => {
    assert.throws(() => open({ maxCalls: 2 }), ConfigError)
    assert.throws(() => open({ maxChars: 'planted' }), ConfigError)
    assert.throws(() => open({ colour: 1 }), /no option "colour"/)
    assert.throws(() => open({ data: { planted: 1n } }), ArgumentError)
    assert.throws(() => typist().card('cid1==', 'x'), ArgumentError)
    const { came } = await withMessage((message) => message.card('x', { maxCalls: 2 }))
    assert.ok(came instanceof ConfigError)
  })

  it('is for messages alone', async () => {
    typist()
    const failed = new Promise((resolve) => {
      client.onCard((action) => {
        try {
          action.card('x')
        } catch (error) {
          resolve(error)
        }
      })
    })
    await client.start()
    await simulator.push({ kind: 'card', actionIds: ['a'] })
    assert.ok((await failed) instanceof ArgumentError)
  })

  it('takes texts, buttons that do one thing, and JSON', async () => {
    const card = open()
    for (const text of [undefined, null, 1, { planted: 1 }]) {
      assert.throws(() => card.push(text), /a text, and this is (undefined|null|number|an object \(Object\))$/)
    }
    assert.throws(() => card.button('b'), ArgumentError)
    assert.throws(() => card.button('b', { id: 'i', url: 'u' }), ArgumentError)
    assert.throws(() => card.value('v', 1n), ArgumentError)
    await assert.rejects(async () => card.fail(7), ArgumentError)
    await card.finish()
    assert.deepEqual(await shown(), ['Thinking…', 'finished'])
  })

  it('ends even where nobody waits for it any more', async () => {
    await simulator.order('break', { what: 'PUT /v1.0/card/streaming', delayMs: 4000, times: 1 })
    const card = open()
    card.push('x')
    const abort = new AbortController()
    const finished = card.finish({ signal: abort.signal })
    abort.abort('enough')
    await assert.rejects(finished, (error) => error instanceof CancelledError && error.cause === 'enough')
    assert.deepEqual(await shown(), ['x', 'finished'])
    await assert.rejects(open().finish({ signal: AbortSignal.abort() }), CancelledError)
  })

  it('shows nothing of what it says', async () => {
    const card = open({ data: { planted: 'planted' } })
    card.push('planted')
    const told = [inspect(card), inspect(card, { showHidden: true, customInspect: false }), JSON.stringify(card)]
    assert.equal(told[0], 'CardSession')
    assert.doesNotMatch(told.join(), /planted/)
    assert.ok(card instanceof CardSession)
    await card.fail()
  })
})

describe('a session without an end', () => {
  it('is finished by the end of its scope, once', async () => {
    const card = open()
    card.push('all')
    await card[Symbol.asyncDispose]()
    await card[Symbol.asyncDispose]()
    assert.deepEqual(await shown(), ['all', 'finished'])
  })

  it('that failed stays failed at the end of its scope', async () => {
    const card = open()
    await card.fail('no answer')
    await card[Symbol.asyncDispose]()
    assert.deepEqual(await shown(), ['no answer', 'failed'])
  })

  it('fails where the handler of its message throws, which DingTalk and the log are told', async () => {
    const { came, code } = await withMessage((message) => {
      message.card('Thinking…', { fallback: FALLBACK }).push('half')
      throw new RangeError('the model is gone')
    })
    assert.deepEqual([came.message, code], ['the model is gone', 500])
    assert.deepEqual(await shown(), [FALLBACK, 'failed'])
    assert.deepEqual(
      records.map(({ target, error }) => [target, error]),
      [['handler', came]]
    )
  })

  it('fails where the handler of its message says later, and where a loop is left', async () => {
    await withMessage((message) => {
      message.card('Thinking…', { fallback: FALLBACK }).push('half')
      return new Later()
    })
    assert.deepEqual(await shown(), [FALLBACK, 'failed'])
    await client.stop(0)
    await simulator.reset()

    const pushed = simulator.records({ kind: 'connect', status: 101 }).then(() => simulator.message('hi'))
    for await (const message of typist().deliveries('message')) {
      message.card('Thinking…', { fallback: FALLBACK }).push('half')
      break
    }
    await pushed
    assert.deepEqual(await shown(), [FALLBACK, 'failed'])
  })

  it('that has an end is left alone where the handler throws after it', async () => {
    await withMessage((message) => {
      const card = message.card('Thinking…')
      card.push('all')
      card.finish()
      throw new Error('too late')
    })
    assert.deepEqual(await shown(), ['all', 'finished'])
    assert.deepEqual(
      records.map(({ target }) => target),
      ['handler']
    )
  })

  it('fails where it is collected', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc')
    await withMessage(async (message) => {
      message.card('Thinking…', { fallback: FALLBACK }).push('half')
      await setImmediate()
      collect()
      assert.deepEqual(await shown(), [FALLBACK, 'failed'])
    })
  })

  it('fails where its client stops, and takes nothing then', async () => {
    let card
    await withMessage((message) => {
      card = message.card('Thinking…', { fallback: FALLBACK })
      card.push('half')
    })
    await client.stop(20_000)
    assert.deepEqual(await shown(), [FALLBACK, 'failed'])
    assert.throws(() => card.push('more'), AnsweredError)
  })

  it('is told to the log where it can not even fail', async () => {
    await simulator.order('settings', { knownConversations: [] })
    await assert.rejects(open().finish(), RejectedError)
    const { came } = await withMessage(
      (message) => {
        message.card('planted')
        throw new Error('the model is gone')
      },
      { sessionWebhook: null }
    )
    const failure = () => records.find(({ target, error }) => target === 'card' && error !== undefined)
    while (failure() === undefined) await setTimeout(2)
    assert.equal(failure().error.kind, 'rejected')
    assert.ok(records.some(({ target, error }) => target === 'handler' && error === came))
    assert.doesNotMatch(inspect(records, { depth: 9 }), /planted/)
  })
})
