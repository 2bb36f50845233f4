'use strict'

const { inspect } = require('node:util')
const calls = require('./call.js')
const hub = require('./hub.js')
const { AnsweredError } = require('./generated/errors.js')
const { CARD_OPTIONS } = require('./generated/options.js')
const { given } = require('./given.js')
const { kindOf } = require('./message.js')
const { optionsOf } = require('./options.js')
const { argument, check, errorOf } = require('./raise.js')

/** Fails a session that nobody is going to end. */
let abandon

/** Types into an AI card. Lost before its end, the native half fails it. */
class CardSession {
  #native
  #tell
  #ended = false

  static {
    abandon = (session) => {
      if (session.#ended) return
      session.fail().catch((error) => {
        // The client's stop has ended it before.
        if (error instanceof AnsweredError) return
        session.#tell({ level: 'warn', target: 'card', message: 'a card that was left open has not ended', error })
      })
    }
  }

  /** Takes what the native half opened, or its refusal. */
  constructor(opened, tell) {
    if (typeof opened === 'string') throw errorOf(opened)
    this.#native = opened
    this.#tell = tell
  }

  push(text) {
    check(this.#native.push(said(text)))
  }

  set(text) {
    check(this.#native.set(said(text)))
  }

  button(text, { url, id, color } = {}) {
    const [address, action, shade] = [url, id, color].map((word) => (word === undefined ? undefined : String(word)))
    check(this.#native.button(said(text), address, action, shade))
  }

  value(name, value) {
    check(this.#native.value(String(name), given('value', value ?? null)))
  }

  finish({ signal } = {}) {
    return this.#end('card_finish', (tag) => this.#native.finish(hub.queue(), tag), signal)
  }

  fail(text = '', { signal } = {}) {
    return this.#end('card_fail', (tag) => this.#native.fail(said(text), hub.queue(), tag), signal)
  }

  async [Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')]() {
    if (!this.#ended) await this.finish()
  }

  [inspect.custom]() {
    return 'CardSession'
  }

  #end(operation, begin, signal) {
    const ending = (tag) => {
      const call = begin(tag)
      this.#ended = true
      return call
    }
    return calls.start(operation, ending, { signal, tell: this.#tell })
  }
}

function said(text) {
  if (typeof text !== 'string') throw argument(`what a card says is a text, and this is ${kindOf(text)}`)
  return text
}

/** The JSON text of a session's options. */
const sessionOptions = (text, options) => optionsOf(CARD_OPTIONS, { ...options, text })

module.exports = { abandon, CardSession, sessionOptions }
