'use strict'

const { errorOf } = require('./raise.js')

/** What is given at a time. */
const PIECE = 64 * 1024

/** Gives an upload its bytes. Where that fails, the call does, and says why. */
exports.feed = async (call, bytes) => {
  for (let at = 0; at < bytes.length; ) {
    const taken = await call.write(bytes.subarray(at, at + PIECE))
    if (typeof taken === 'string') return
    at += taken
  }
}

/** What a download brings. */
exports.drain = async (call) => {
  const pieces = []
  for (let piece = await call.read(); piece != null; piece = await call.read()) {
    if (typeof piece === 'string') throw errorOf(piece)
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}
