'use strict'

const { ClosedError } = require('./generated/errors.js')
const { Later } = require('./later.js')
const { isTaken } = require('./delivery.js')

/** What a loop that was left owes for what it did not finish: an event comes again. */
const LEFT = new Later('the loop over the deliveries ended')

/**
 * Deliveries, one after the other, for `for await`. To the client it is a handler whose promise is kept when the next
 * delivery is asked for.
 */
exports.Deliveries = class Deliveries {
  #client
  #waiting = []
  #asking = []
  #current
  #ended = false
  #starting
  #refusal

  constructor(client) {
    this.#client = client
  }

  /** Settles as soon as the loop has moved on, or never where the application took the delivery. */
  handle(delivery) {
    if (this.#ended) return LEFT
    return new Promise((settle) => {
      const item = { delivery, settle }
      const asking = this.#asking.shift()
      if (asking === undefined) this.#waiting.push(item)
      else asking(this.#give(item))
    })
  }

  /** The client has stopped: what still waits was answered by it. */
  end() {
    this.#ended = true
    for (const asking of this.#asking.splice(0)) asking(this.#over())
  }

  async next() {
    this.#settle()
    if (!this.#ended && !this.#client.isStarted) this.#start()
    const item = this.#waiting.shift()
    if (item !== undefined) return this.#give(item)
    if (this.#ended) return this.#over()
    return new Promise((asking) => this.#asking.push(asking))
  }

  async return() {
    this.#settle(LEFT)
    for (const { settle } of this.#waiting.splice(0)) settle(LEFT)
    this.#starting = undefined
    this.end()
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator]() {
    return this
  }

  /** Not waited for: states come before the first connection does. */
  #start() {
    this.#starting = this.#client.start().catch((error) => {
      this.#refusal = error
      this.end()
    })
  }

  /** The end of the loop, or once the refusal of its start. */
  async #over() {
    await this.#starting
    const refusal = this.#refusal
    this.#refusal = undefined
    // Being stopped before the first connection is none.
    if (refusal !== undefined && !(refusal instanceof ClosedError)) throw refusal
    return { done: true, value: undefined }
  }

  #give(item) {
    this.#current = item
    return { done: false, value: item.delivery }
  }

  #settle(value) {
    const current = this.#current
    this.#current = undefined
    if (current !== undefined && !isTaken(current.delivery)) current.settle(value)
  }
}
