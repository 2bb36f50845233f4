import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { Client } from 'dingstream'
import { Simulator } from './simulator.mjs'

const simulator = await Simulator.start({ after })
const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

describe('the stats', () => {
  it('are numbers that are there at any moment', async () => {
    const client = new Client(simulator.options({ answerMessage: 'on_completion' }))
    const seen = [client.stats()]
    client.onMessage(() => void seen.push(client.stats()))
    await client.start()
    await simulator.answer(await simulator.message('hi'))
    await client.stop(5000)
    seen.push(client.stats())
    for (const stats of seen) assert.ok(Object.values(stats).every(Number.isInteger))
    const [before, inside, after] = seen
    assert.ok(Object.values(before).every((number) => number === 0))
    assert.deepEqual([inside.connections, inside.messages, inside.inFlight, inside.ok], [1, 1, 1, 0])
    assert.deepEqual([after.connections, after.inFlight, after.ok, after.answers], [0, 0, 1, 1])
  })

  it('are each client’s own, and the same for Prometheus', async () => {
    const client = new Client(simulator.options()).onMessage(() => {})
    await client.start()
    const lines = client.metrics().split('\n')
    assert.equal(new Client(simulator.options()).stats().opened, 0)
    assert.ok(lines.includes('dingstream_opened_total{client_id="ding-demo"} 1'))
    assert.ok(lines.includes('# TYPE dingstream_connections gauge'))
    for (const name of Object.keys(client.stats())) {
      const shown = new RegExp(`^dingstream_${snake(name)}(_total)?\\{`)
      assert.ok(
        lines.some((line) => shown.test(line)),
        name
      )
    }
    await client.stop(0)
  })
})
