'use strict'

const { inspect } = require('node:util')
const calls = require('./call.js')
const hub = require('./hub.js')
const native = require('./load.js')
const { KIND_NAMES } = require('./generated/kinds.js')
const { Message } = require('./message.js')
const { check } = require('./raise.js')
const { responseOf } = require('./response.js')
const { abandon, CardSession, sessionOptions } = require('./session.js')

/** Reads a field of a view by its place; only generated getters know it. */
let read
/** The native half of a delivery. */
let handleOf
let isTaken
/** Fails the cards that were opened on a delivery and have not ended. */
let abandonCards

class Delivery {
  #handle
  #kind
  #tell
  #taken = false
  /** Weak: a session that nobody can end any more is to be collected. */
  #cards

  static {
    read = (delivery, place) => native.read(delivery.#handle, place)
    handleOf = (delivery) => delivery.#handle
    isTaken = (delivery) => delivery.#taken
    abandonCards = (delivery) => {
      for (const card of delivery.#cards ?? []) {
        const session = card.deref()
        if (session !== undefined) abandon(session)
      }
    }
  }

  constructor(handle, kind, tell) {
    this.#handle = handle
    this.#kind = kind
    this.#tell = tell
  }

  get kind() {
    return KIND_NAMES[this.#kind]
  }

  get topic() {
    return native.topic(this.#handle)
  }

  get id() {
    return native.id(this.#handle)
  }

  get data() {
    return native.data(this.#handle)
  }

  get headers() {
    return JSON.parse(native.headers(this.#handle))
  }

  get settled() {
    return native.isSettled(this.#handle)
  }

  json() {
    return parse(this.data)
  }

  ok(response) {
    check(native.ok(this.#handle, responseOf(response)))
  }

  later(reason = 'later') {
    check(native.later(this.#handle, String(reason)))
  }

  fail(reason = 'failed') {
    check(native.fail(this.#handle, String(reason)))
  }

  take() {
    this.#taken = true
    return this
  }

  reply(message, { via = 'auto', signal } = {}) {
    const begin = (tag) => native.reply(this.#handle, String(via), Message.jsonOf(message), hub.queue(), tag)
    return calls.start('reply', begin, { signal, tell: this.#tell })
  }

  card(text, options) {
    const session = new CardSession(native.openCard(this.#handle, sessionOptions(text, options)), this.#tell)
    this.#cards ??= []
    this.#cards.push(new WeakRef(session))
    return session
  }

  /** Shows which delivery it is, and nothing that a person wrote. */
  [inspect.custom]() {
    return `${this.constructor.name}(${this.kind} ${this.id})`
  }
}

/** The value of JSON text; undefined where it is absent or no JSON. */
function parse(text) {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

module.exports = { abandonCards, Delivery, handleOf, isTaken, parse, read }
