import assert from 'node:assert/strict'
import { after, afterEach, describe, it } from 'node:test'
import { ArgumentError, AuthError, Client, ConfigError } from 'dingstream'
import { Simulator } from './simulator.mjs'

const simulator = await Simulator.start({ after })
const event = { kind: 'event', eventType: 'user_add_org' }
let client

const make = (options) => {
  client = new Client(simulator.options({ answerMessage: 'on_completion', ...options }))
  return client.onLog(() => {})
}

const connected = () => simulator.records({ kind: 'connect', status: 101 })

afterEach(async () => {
  await client.stop(0)
  await simulator.reset()
})

describe('a loop over deliveries', () => {
  it('starts the client, settles each as it asks for the next, and ends with the client', async () => {
    const pushed = connected().then(async () => [await simulator.message('1'), await simulator.message('2')])
    const seen = []
    for await (const delivery of make().deliveries('message')) {
      seen.push(delivery.text)
      if (seen.length === 2) client.stop(5000)
    }
    assert.deepEqual(seen, ['1', '2'])
    for (const push of await pushed) assert.equal((await simulator.answer(push)).code, 200)
    assert.equal(client.state, 'stopped')
  })

  it('leaves what was taken to the application', async () => {
    const pushed = connected().then(() => simulator.push({ kind: 'card', actionIds: ['a'] }))
    const deliveries = make().deliveries('card', 'event')
    const { value: taken } = await deliveries.next()
    taken.take()
    const next = deliveries.next()
    await simulator.push(event)
    assert.equal((await next).value.kind, 'event')
    assert.equal(taken.settled, false)
    taken.ok({ done: true })
    assert.deepEqual((await simulator.answer(await pushed)).data, { response: { done: true } })
  })

  it('that is left owes nothing: an event comes again', async () => {
    const pushed = connected().then(() => simulator.push(event))
    for await (const _ of make().deliveries('event')) break
    assert.equal((await simulator.answer(await pushed)).data.status, 'LATER')
  })

  it('takes topics too', async () => {
    const pushed = connected().then(() => simulator.push({ kind: 'callback', topic: '/v1.0/x', data: [1] }))
    for await (const delivery of make().deliveries('/v1.0/x')) {
      assert.deepEqual(delivery.json(), [1])
      delivery.ok('seen')
      client.stop(5000)
    }
    assert.deepEqual((await simulator.answer(await pushed)).data, { response: 'seen' })
  })

  it('outlives a stop before the start', async () => {
    const deliveries = make().deliveries('event')
    await client.unref().ref().stop(0)
    const next = deliveries.next()
    await connected()
    await simulator.push(event)
    assert.equal((await next).value.eventType, 'user_add_org')
  })

  it('hears of states before the first connection, and ends where it is stopped before it', async () => {
    const states = []
    for await (const { state } of make({ endpoint: 'http://127.0.0.1:1' }).deliveries('message', 'state')) {
      states.push(state)
      if (state === 'waiting') client.stop(0)
    }
    assert.deepEqual([states[0], states[1], states.at(-1)], ['connecting', 'waiting', 'stopped'])
  })

  it('rejects where the start is refused', async () => {
    const deliveries = make({ clientSecret: 'wrong' }).deliveries('message')
    await assert.rejects(deliveries.next(), AuthError)
    assert.equal((await deliveries.next()).done, true)
    await assert.rejects(make().deliveries('state').next(), ConfigError)
  })

  it('is refused without a kind, or with one that does not exist', () => {
    assert.throws(() => make().deliveries(), ArgumentError)
    assert.throws(() => make().deliveries('poem'), { message: /the kinds are message, card, event/ })
  })
})
