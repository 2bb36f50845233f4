'use strict'

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
    for (const asking of this.#asking.splice(0)) asking({ done: true, value: undefined })
  }

  async next() {
    this.#settle()
    if (!this.#ended && !this.#client.isStarted) await this.#client.start()
    const item = this.#waiting.shift()
    if (item !== undefined) return this.#give(item)
    if (this.#ended) return { done: true, value: undefined }
    return new Promise((asking) => this.#asking.push(asking))
  }

  async return() {
    this.#settle(LEFT)
    for (const { settle } of this.#waiting.splice(0)) settle(LEFT)
    this.end()
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator]() {
    return this
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
