import assert from 'node:assert/strict'
import { after, afterEach, describe, it } from 'node:test'
import { Client } from 'dingstream'
import { Simulator } from './simulator.mjs'

const simulator = await Simulator.start({ after })
let client

/** A client whose handler keeps "wait" until it is let go. */
async function holding(options) {
  const begun = []
  let go
  const gone = new Promise((resolve) => {
    go = resolve
  })
  client = new Client(simulator.options({ answerMessage: 'on_completion', ...options }))
  client.onMessage((message) => {
    begun.push(message.text)
    return message.text === 'wait' ? gone : undefined
  })
  await client.start()
  return { begun, go }
}

afterEach(async () => {
  await client.stop(0)
  await simulator.reset()
})

describe('messages', () => {
  it('of one conversation wait for each other, and those of another one do not', async () => {
    const { begun, go } = await holding()
    const wait = await simulator.message('wait')
    const next = await simulator.message('after')
    const other = await simulator.message('elsewhere', { conversationId: 'cid-other' })
    await simulator.answer(other)
    assert.deepEqual(begun, ['wait', 'elsewhere'])
    assert.equal(client.stats().waiting, 1)
    go()
    await simulator.answer(next)
    const answered = await simulator.records({ kind: 'answer' }, 3)
    assert.deepEqual(
      answered.map(({ messageId }) => messageId),
      [other, wait, next].map(({ messageId }) => messageId)
    )
  })

  it('of one conversation are handled in their order, also by handlers that wait', async () => {
    const seen = []
    client = new Client(simulator.options({ answerMessage: 'on_completion' }))
    client.onMessage(async (message) => {
      await new Promise(setImmediate)
      seen.push(message.text)
    })
    await client.start()
    const said = Array.from({ length: 20 }, (_, number) => String(number))
    for (const one of said) await simulator.message(one)
    await simulator.records({ kind: 'answer' }, said.length)
    assert.deepEqual(seen, said)
  })

  it('overlap without an ordering', async () => {
    const { go } = await holding({ ordering: 'none' })
    await simulator.message('wait')
    assert.equal((await simulator.answer(await simulator.message('after'))).code, 200)
    go()
  })

  it('that begin as bypass says jump the line', async () => {
    const { begun, go } = await holding({ bypass: ['/stop'] })
    await simulator.message('wait')
    await simulator.message('after')
    await simulator.answer(await simulator.message('/stop it'))
    assert.deepEqual(begun.sort(), ['/stop it', 'wait'])
    go()
  })

  it('that a loop took hold up their conversation alone', async () => {
    client = new Client(simulator.options({ answerMessage: 'on_completion' }))
    const seen = []
    let taken
    for await (const delivery of client.deliveries('message', 'state')) {
      if (delivery.topic === 'open') {
        await simulator.message('take', { conversationId: 'cid-one' })
        await simulator.message('after', { conversationId: 'cid-one' })
        await simulator.message('elsewhere', { conversationId: 'cid-two' })
      }
      if (delivery.kind !== 'message') continue
      seen.push(delivery.text)
      if (delivery.text === 'take') taken = delivery.take()
      else if (delivery.text === 'elsewhere') taken.ok()
      else client.stop(5000)
    }
    assert.deepEqual(seen, ['take', 'elsewhere', 'after'])
  })
})
