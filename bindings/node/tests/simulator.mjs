// A local DingTalk for the tests, one process for each test file.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'

const WAIT_MS = 20_000

export class Simulator {
  #process
  #control

  /** Starts one that ends with `context`, a test or suite. */
  static async start(context) {
    const simulator = new Simulator()
    simulator.#process = spawn(process.env.SIMULATOR, ['--exit-with-stdin'], { stdio: ['pipe', 'pipe', 'inherit'] })
    context.after(() => simulator.#process.stdin.end())
    for await (const line of createInterface({ input: simulator.#process.stdout })) {
      const { url, control } = JSON.parse(line)
      simulator.url = url
      simulator.#control = control
      break
    }
    return simulator
  }

  /** Options for a client of the app that it knows, which on a slow machine too leaves answers to its handlers. */
  options(more) {
    const patient = { answerWithinCardMs: 3_600_000, answerWithinEventMs: 3_600_000 }
    return { clientId: 'ding-demo', clientSecret: 'demo-secret', endpoint: this.url, ...patient, ...more }
  }

  push(order) {
    return this.order('push', order)
  }

  message(text, more) {
    return this.push({ kind: 'message', text, ...more })
  }

  async order(name, order = {}) {
    const response = await fetch(this.#control + name, { method: 'POST', body: JSON.stringify(order) })
    assert.ok(response.ok, `the simulator refused ${name}: ${response.status}`)
    return response.json()
  }

  /** The records that match, once there are `count` of them. */
  async records(query, count = 1) {
    const parameters = new URLSearchParams({ ...query, count, wait: WAIT_MS })
    const { records } = await (await fetch(`${this.#control}records?${parameters}`)).json()
    assert.ok(records.length >= count, `${records.length} of ${count} records came: ${JSON.stringify(query)}`)
    return records
  }

  /** What was answered to a push: code, and the value in the data. */
  async answer({ messageId }) {
    const [{ code, data }] = await this.records({ kind: 'answer', messageId })
    return { code, data: JSON.parse(data) }
  }

  async replies(count = 1) {
    return (await this.records({ kind: 'reply' }, count)).map(({ body }) => body)
  }

  /** The cards as people see them, once they are as `wanted` says. */
  async cards(wanted = () => true) {
    for (const deadline = Date.now() + WAIT_MS; ; ) {
      const { cards } = await (await fetch(`${this.#control}cards`)).json()
      if (wanted(cards)) return cards
      assert.ok(Date.now() < deadline, `the cards are not as expected: ${JSON.stringify(cards)}`)
      await setTimeout(2)
    }
  }

  /** Forgets everything, so that the next test begins anew. */
  reset() {
    return this.order('reset')
  }
}
