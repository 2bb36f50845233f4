import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { after, afterEach, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Client, text } from 'dingstream'
import { Simulator } from './simulator.mjs'

const simulator = await Simulator.start({ after })

/** Runs a program of this folder; `flood` is what arrives once it says `open`. */
async function run(program, words, flood) {
  const path = fileURLToPath(new URL(`programs/${program}.mjs`, import.meta.url))
  const child = spawn(process.execPath, [path, ...words], {
    env: { ...process.env, DINGSTREAM_ENDPOINT: simulator.url },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 30_000
  })
  const ended = once(child, 'close')
  const lines = []
  const errors = []
  child.stderr.on('data', (data) => errors.push(data))
  let pushed
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    if (line === 'open' && flood) pushed = simulator.push({ kind: 'message', text: 'x', count: flood }).catch(() => {})
  }
  const [code, signal] = await ended
  await pushed
  return { code, signal, lines, errors: Buffer.concat(errors).toString() }
}

afterEach(() => simulator.reset())

describe('a process', () => {
  it('ends by itself once the client has stopped', async () => {
    const { code, errors } = await run('flood', ['stop'], 2000)
    assert.deepEqual([code, errors], [0, ''])
  })

  it('ends in the middle of a flood where it exits', async () => {
    const { code, signal, errors } = await run('flood', ['exit'], 5000)
    assert.deepEqual([code, signal, errors], [7, null, ''])
  })

  it('ends while the client runs where the client was let go', async () => {
    const { code, errors } = await run('flood', ['unref'])
    assert.deepEqual([code, errors], [0, ''])
  })

  it('survives a worker thread that is ended in the middle of a flood', async () => {
    const { code, signal, errors } = await run('worker', [], 5000)
    assert.deepEqual([code, signal, errors], [5, null, ''])
  })

  it('with many clients under run ends in good order after SIGINT, without a warning', async () => {
    const { code, errors } = await run('many', [])
    assert.deepEqual([code, errors], [0, ''])
  })

  it('under run leaves a handler behind that never returns', async () => {
    const running = run('stuck', [])
    await simulator.records({ kind: 'connect', status: 101 })
    await simulator.message('hi')
    const { code, lines } = await running
    assert.deepEqual([code, lines], [0, ['stuck', 'stopped']])
  })

  it('under run ends in good order after SIGTERM, and gives the signals back', async () => {
    const running = run('run', [])
    await simulator.records({ kind: 'connect', status: 101 })
    const pushed = await simulator.message('hi')
    const { code, lines } = await running
    assert.deepEqual(lines, ['connecting', 'open', 'busy', 'stopping', 'stopped', 'left 0,0'])
    assert.equal(code, 0)
    assert.equal((await simulator.answer(pushed)).code, 200)
    assert.equal((await simulator.replies())[0].text.content, 'still here')
  })
})

describe('a client', () => {
  const make = () => new Client(simulator.options()).onMessage(() => {})

  it('is stopped when it goes out of scope', async () => {
    const client = make()
    await client.start()
    await client[Symbol.asyncDispose]()
    assert.equal(client.state, 'stopped')
  })

  it('can be started again, and while it stops', async () => {
    const client = make()
    await client.start()
    const stopping = client.stop(1000)
    await client.start()
    await stopping
    assert.equal(client.state, 'open')
    await client.stop(0)
    await client.start()
    assert.equal(client.state, 'open')
    await client.stop(0)
  })

  it('started twice is started once', async () => {
    const client = make()
    await Promise.all([client.start(), client.start()])
    assert.equal((await simulator.records({ kind: 'connect' })).length, 1)
    await client.stop(0)
  })

  it('may be stopped by its handler, which goes on', async () => {
    let over
    const client = new Client(simulator.options({ answerMessage: 'on_completion' })).onMessage(async (message) => {
      over = client.stop(5000)
      await message.reply(text('on its way out'))
    })
    await client.start()
    const pushed = await simulator.message('hi')
    assert.equal((await simulator.answer(pushed)).code, 200)
    await over
    assert.equal(client.state, 'stopped')
    assert.equal((await simulator.replies()).length, 1)
  })

  it('whose handler waits for its stop is stopped at the deadline', async () => {
    let waited
    const client = make()
    const stopped = new Promise((resolve) => {
      client.onMessage(() => {
        waited = client.stop(20)
        return waited.then(resolve)
      })
    })
    await client.start()
    await simulator.message('hi')
    await stopped
    assert.equal(client.state, 'stopped')
  })

  it('may be stopped before it was started, and twice', async () => {
    const client = make()
    await client.stop(0)
    assert.equal(client.state, 'idle')
    await client.start()
    await Promise.all([client.stop(0), client.stop(0)])
    assert.equal(client.state, 'stopped')
  })

  it('goes on while nobody holds it', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc')
    const started = async () => {
      const client = new Client(simulator.options({ answerMessage: 'on_completion' })).onMessage(() => {})
      await client.start()
      return new WeakRef(client)
    }
    const client = await started()
    await simulator.message('let a turn pass, or the reference is kept')
    collect()
    assert.equal((await simulator.answer(await simulator.message('hi'))).code, 200)
    await client.deref().stop(0)
  })

  it('whose start is aborted is stopped', async () => {
    const stopped = new Promise((resolve) => {
      const client = new Client(simulator.options({ endpoint: 'http://127.0.0.1:1' })).onMessage(() => {})
      client.onLog(() => {}).onState(({ state }) => state === 'stopped' && resolve(client))
      client.start({ signal: AbortSignal.timeout(20) }).catch(() => {})
    })
    assert.equal((await stopped).state, 'stopped')
  })

  it('shares its process with a hundred others', async () => {
    const clients = Array.from({ length: 100 }, make)
    await Promise.all(clients.map((client) => client.start()))
    await Promise.all(clients.map((client) => client.stop(0)))
    assert.ok(clients.every((client) => client.state === 'stopped'))
  })
})
