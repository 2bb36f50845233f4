// Files on their way to DingTalk and from it.

import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, describe, it } from 'node:test'
import { ArgumentError, CancelledError, Client, NetworkError, TooLargeError } from 'dingstream'
import { Simulator } from './simulator.mjs'

const simulator = await Simulator.start({ after })
let client
let folder

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dingstream-node-'))
})
after(() => rm(folder, { recursive: true }))
afterEach(() => simulator.reset())

function idle(more) {
  client = new Client(simulator.options(more)).onLog(() => {})
  return client
}

const plant = (file) => simulator.order('files', { downloadCode: 'c1', ...file })

describe('an upload', () => {
  it('takes bytes and paths', async () => {
    const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => index % 256)
    const { mediaId, type } = await idle().upload('image', bytes, { name: 'photo.png' })
    assert.deepEqual([typeof mediaId, type], ['string', 'image'])
    const path = join(folder, 'photo.png')
    await writeFile(path, bytes)
    await client.upload('image', path)
    await client.upload('image', Buffer.from(bytes), { name: 'photo.png' })
    const uploads = await simulator.records({ kind: 'upload', status: 200 }, 3)
    assert.equal(new Set(uploads.map(({ sha256 }) => sha256)).size, 1)
  })

  it('refuses what DingTalk would', async () => {
    await assert.rejects(idle().upload('voice', new Uint8Array(3 << 20), { name: 'a.amr' }), TooLargeError)
    await assert.rejects(client.upload('file', new Uint8Array(1), { name: 'notes.txt' }), /docx/)
    await assert.rejects(client.upload('picture', new Uint8Array(1), { name: 'a.png' }), /the media types are image/)
    await assert.rejects(client.upload('image', '/nowhere/a.png'), ArgumentError)
    const planted = new TextEncoder().encode('planted').buffer
    assert.throws(
      () => client.upload('image', planted),
      /a path or a Uint8Array, and this is an object \(ArrayBuffer\)$/
    )
  })

  it('ends when it is aborted', async () => {
    const abort = new AbortController()
    const upload = idle().upload('file', new Uint8Array(5 << 20), { name: 'a.pdf', signal: abort.signal })
    abort.abort()
    await assert.rejects(upload, CancelledError)
  })
})

describe('a download', () => {
  it('comes into memory with its name mended', async () => {
    await plant({ size: 700_000, contentType: 'video/mp4' })
    const file = await idle().download('c1')
    assert.deepEqual([file.data.length, file.data[699_999], file.contentType], [700_000, 699_999 % 251, 'video/mp4'])
    assert.match(file.name, /\.mp4$/)
  })

  it('goes to a file or into a folder', async () => {
    await plant({ text: 'hello', contentType: 'text/plain' })
    const { path, bytes } = await idle().download('c1', { to: folder, robotCode: 'ding-demo' })
    assert.deepEqual([await readFile(path, 'utf8'), bytes], ['hello', 5])
    await client.download('c1', { to: join(folder, 'mine') })
    assert.equal(await readFile(join(folder, 'mine'), 'utf8'), 'hello')
  })

  it('rejects with what went wrong', async () => {
    await plant({ size: 2000 })
    await assert.rejects(idle({ downloadBytes: 1000 }).download('c1'), TooLargeError)
    await plant({ size: 900, cutAt: 100 })
    await assert.rejects(client.download('c1'), NetworkError)
    await plant({ size: 900, stallAt: 100 })
    await assert.rejects(client.download('c1', { signal: AbortSignal.timeout(50) }), CancelledError)
  })
})
