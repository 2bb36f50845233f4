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

/** Reads a field of a view by its number; only generated getters know it. */
let read
/** The native half of a delivery: the bundle that it lies in, and its place there. */
let bundleOf
let placeOf
let isTaken
/** Fails the cards that were opened on a delivery and have not ended. */
let abandonCards

class Delivery {
  #bundle
  #place
  #kind
  #tell
  #taken = false
  /** Weak: a session that nobody can end any more is to be collected. */
  #cards

  static {
    read = (delivery, field) => native.read(delivery.#bundle, delivery.#place, field)
    bundleOf = (delivery) => delivery.#bundle
    placeOf = (delivery) => delivery.#place
    isTaken = (delivery) => delivery.#taken
    abandonCards = (delivery) => {
      for (const card of delivery.#cards ?? []) {
        const session = card.deref()
        if (session !== undefined) abandon(session)
      }
    }
  }

  constructor(bundle, place, kind, tell) {
    this.#bundle = bundle
    this.#place = place
    this.#kind = kind
    this.#tell = tell
  }

  get kind() {
    return KIND_NAMES[this.#kind]
  }

  get topic() {
    return native.topic(this.#bundle, this.#place)
  }

  get id() {
    return native.id(this.#bundle, this.#place)
  }

  get data() {
    return native.data(this.#bundle, this.#place)
  }

  get headers() {
    return JSON.parse(native.headers(this.#bundle, this.#place))
  }

  get settled() {
    return native.isSettled(this.#bundle, this.#place)
  }

  json() {
    return parse(this.data)
  }

  ok(response) {
    check(native.ok(this.#bundle, this.#place, responseOf(response)))
  }

  later(reason = 'later') {
    check(native.later(this.#bundle, this.#place, String(reason)))
  }

  fail(reason = 'failed') {
    check(native.fail(this.#bundle, this.#place, String(reason)))
  }

  take() {
    this.#taken = true
    return this
  }

  reply(message, { via = 'auto', signal } = {}) {
    const begin = (tag) =>
      native.reply(this.#bundle, this.#place, String(via), Message.jsonOf(message), hub.queue(), tag)
    return calls.start('reply', begin, { signal, tell: this.#tell })
  }

  card(text, options) {
    const opened = native.openCard(this.#bundle, this.#place, sessionOptions(text, options))
    const session = new CardSession(opened, this.#tell)
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

module.exports = { abandonCards, bundleOf, Delivery, isTaken, parse, placeOf, read }
