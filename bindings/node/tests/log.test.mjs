import assert from 'node:assert/strict'
import { after, afterEach, describe, it, mock } from 'node:test'
import { Client, text } from 'dingstream'
import { Simulator } from './simulator.mjs'

const simulator = await Simulator.start({ after })
let client

/** A client whose handler fails, after it has done so. */
async function failing(options, register = () => {}) {
  client = new Client(simulator.options({ answerMessage: 'on_completion', ...options }))
  client.onMessage(() => {
    throw new Error('why it failed')
  })
  register(client)
  await client.start()
  await simulator.answer(await simulator.message('hi'))
}

const logger = () => {
  const lines = []
  const at = (level) => (line) => lines.push([level, line])
  return { lines, error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') }
}

afterEach(async () => {
  mock.restoreAll()
  await client.stop(0)
  await simulator.reset()
})

describe('the log', () => {
  it('goes to the console, with the stack of what a handler threw', async () => {
    const printed = mock.method(console, 'error', () => {}).mock
    await failing()
    assert.match(
      printed.calls[0].arguments[0],
      /^dingstream handler: the handler of a delivery of kind message \(\w+\) failed: Error: why it failed\n +at /
    )
  })

  it('shows warnings of the library on the console', async () => {
    const printed = mock.method(console, 'warn', () => {}).mock
    await simulator.order('break', { what: 'open', status: 503, times: 1 })
    client = new Client(simulator.options({ backoffMaxMs: 1 })).onMessage(() => {})
    await client.start()
    assert.match(printed.calls[0].arguments[0], /^dingstream stream: no connection \(try 1, next in 0\.0 s\): /)
  })

  it('goes to a logger', async () => {
    const told = logger()
    await failing({ logger: told, logLevel: 'info' })
    assert.ok(told.lines.some(([level]) => level === 'info'))
    assert.match(told.lines.find(([level]) => level === 'error')[1], /why it failed/)
  })

  it('goes to a logger that has its methods from a class', async () => {
    class Pino {
      lines = []
      #write(line) {
        this.lines.push(line)
      }
      error(line) {
        this.#write(line)
      }
      warn = this.error
      info = this.error
      debug = this.error
    }
    const told = new Pino()
    await failing({ logger: told })
    assert.match(told.lines[0], /why it failed/)
  })

  it('is refused what is no logger', () => {
    for (const none of [null, 'console', {}, { error() {}, warn() {}, info() {} }]) {
      assert.throws(() => new Client(simulator.options({ logger: none })), { kind: 'argument', message: /a logger is/ })
    }
  })

  it('goes to onLog as records', async () => {
    const records = []
    await failing({ logLevel: 'trace' }, (client) => client.onLog((record) => records.push(record)))
    const { level, target, error } = records.find((record) => record.target === 'handler')
    assert.deepEqual([level, target, error.message], ['error', 'handler', 'why it failed'])
    assert.ok(records.some(({ level, message }) => level === 'debug' || message))
  })

  it('survives a logger that throws', async () => {
    const printed = mock.method(console, 'error', () => {}).mock
    await failing({}, (client) =>
      client.onLog(() => {
        throw new Error('the disk is full')
      })
    )
    const lines = printed.calls.map((call) => call.arguments[0]).join('\n')
    assert.match(lines, /why it failed/)
    assert.match(lines, /the disk is full/)
    assert.equal(client.state, 'open')
  })

  it('tells of a call that failed and that nobody looked at, and only then', async () => {
    const records = []
    client = new Client(simulator.options({ answerMessage: 'on_completion' }))
    client.onLog((record) => records.push(record))
    client.onMessage(async (message) => {
      message.reply(text(''))
      await message.reply(text('')).catch(() => {})
    })
    await client.start()
    await simulator.answer(await simulator.message('hi'))
    await client.stop(5000)
    assert.deepEqual(
      records.map((record) => record.message),
      ['nobody looked at the error of reply']
    )
    assert.equal(records[0].error.kind, 'argument')
    assert.match(records[0].error.stack, /log\.test\.mjs/)
  })
})
