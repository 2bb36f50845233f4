import assert from 'node:assert/strict'
import { after, afterEach, describe, it } from 'node:test'
import { Client, ExpiredError, Later } from 'dingstream'
import { Simulator } from './simulator.mjs'

const simulator = await Simulator.start({ after })
const card = { kind: 'card', actionIds: ['like'] }
const event = { kind: 'event', eventType: 'user_add_org' }
const answers = (count) => simulator.records({ kind: 'answer' }, count)
let client
let records

async function started(options, register) {
  records = []
  client = new Client(simulator.options({ answerMessage: 'on_completion', ...options }))
  client.onLog((record) => records.push(record))
  register(client)
  await client.start()
}

afterEach(async () => {
  await client.stop(0)
  await simulator.reset()
})

describe('a handler that is late', () => {
  it('with a card loses its response, which is told, and is no failure', async () => {
    let late
    await started({ answerWithinCardMs: 20 }, (client) =>
      client.onCard(async () => {
        await answers(1)
        late = true
        return { too: 'late' }
      })
    )
    assert.deepEqual((await simulator.answer(await simulator.push(card))).data, { response: {} })
    await client.stop(5000)
    assert.ok(late)
    assert.deepEqual(
      records.map(({ level, target }) => [level, target]),
      [['warn', 'delivery']]
    )
    assert.match(records[0].message, /a response came to nothing: this card action was answered before/)
    assert.equal(client.stats().overdue, 1)
  })

  for (const [what, returned] of [
    ['nothing', undefined],
    ['Later', new Later('busy')]
  ]) {
    it(`with a card and returns ${what} is late for nobody`, async () => {
      await started({ answerWithinCardMs: 20 }, (client) => client.onCard(() => answers(1).then(() => returned)))
      await simulator.answer(await simulator.push(card))
      await client.stop(5000)
      assert.deepEqual(records, [])
    })
  }

  it('is told where it settles a card itself', async () => {
    let settle
    const settled = new Promise((resolve) => {
      settle = resolve
    })
    await started({ answerWithinCardMs: 20 }, (client) =>
      client.onCard(async (action) => {
        await answers(1)
        settle(assert.throws(() => action.ok({ too: 'late' }), isLate(/answered before its handler ended/, /update/)))
      })
    )
    await simulator.push(card)
    await settled
  })

  it('with an event goes on, and DingTalk is told later', async () => {
    await started({ answerWithinEventMs: 20 }, (client) => client.onEvent(() => answers(1)))
    assert.equal((await simulator.answer(await simulator.push(event))).data.status, 'LATER')
    await client.stop(5000)
    assert.deepEqual([records, client.stats().ok], [[], 1])
  })

  it('beyond its deadline no longer holds up its conversation', async () => {
    let refused
    let next
    const [refusing, going] = [
      new Promise((resolve) => (refused = resolve)),
      new Promise((resolve) => (next = resolve))
    ]
    await started({ handlerDeadlineMs: 500 }, (client) =>
      client.onMessage(async (message) => {
        if (message.text === 'next') return next()
        await answers(1)
        refused(assert.throws(() => message.ok(), isLate(/not settled in time/, /handler_deadline_ms/)))
        return new Later('too late')
      })
    )
    assert.equal((await simulator.answer(await simulator.message('long'))).code, 500)
    await simulator.message('next')
    await Promise.all([refusing, going])
    await client.stop(5000)
    assert.deepEqual(new Set(records.map(({ level }) => level)), new Set(['warn']))
  })
})

function isLate(message, hint) {
  return (error) => {
    assert.ok(error instanceof ExpiredError)
    assert.match(error.message, message)
    assert.match(error.hint, hint)
    assert.match(error.stack, /lateness\.test\.mjs/)
    return true
  }
}
