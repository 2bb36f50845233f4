'use strict'

const native = require('./load.js')
const { kindOf } = require('./message.js')
const { argument, errorOf } = require('./raise.js')

/** What is given at a time. */
const PIECE = 64 * 1024

/** What begins an upload under a tag. */
exports.upload = (client, kind, file, name) => {
  if (typeof file === 'string') return (tag) => native.uploadFile(client, String(kind), file, tag)
  if (!(file instanceof Uint8Array)) throw argument(`a file is a path or a Uint8Array, and this is ${kindOf(file)}`)
  return (tag) => {
    const call = native.upload(client, String(kind), String(name), file.length, tag)
    if (typeof call !== 'string') feed(call, file)
    return call
  }
}

/** What begins a download under a tag, and what makes its result where it goes to memory. */
exports.download = (client, code, robotCode, to) => {
  if (to !== undefined) {
    return { begin: (tag) => native.downloadFile(client, String(code), robotCode, String(to), tag) }
  }
  let data
  const begin = (tag) => {
    const call = native.download(client, String(code), robotCode, tag)
    if (typeof call !== 'string') data = drain(call)
    // The call fails with the same error.
    data?.catch(() => {})
    return call
  }
  return { begin, finish: async ({ name, contentType }) => ({ name, contentType, data: await data }) }
}

/** Gives an upload its bytes. Where that fails, the call does, and says why. */
async function feed(call, bytes) {
  for (let at = 0; at < bytes.length; ) {
    const taken = await call.write(bytes.subarray(at, at + PIECE))
    if (typeof taken === 'string') return
    at += taken
  }
}

/** What a download brings. */
async function drain(call) {
  const pieces = []
  for (let piece = await call.read(); piece != null; piece = await call.read()) {
    if (typeof piece === 'string') throw errorOf(piece)
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}
