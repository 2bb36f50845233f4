'use strict'

const calls = require('./call.js')
const hub = require('./hub.js')
const native = require('./load.js')
const { WEBHOOK_OPTIONS } = require('./generated/options.js')
const { Log, toLogger } = require('./log.js')
const { Message } = require('./message.js')
const { optionsOf } = require('./options.js')
const { argument, errorOf } = require('./raise.js')

exports.Webhook = class Webhook {
  #native
  #log = new Log()
  #source = hub.register(this, this.#log.tell)

  constructor(options) {
    if (typeof options !== 'object' || options === null) {
      throw argument('a webhook takes its options as one object: new Webhook({ url, secret })')
    }
    const { logger, url, ...rest } = options
    if (logger !== undefined) this.#log.sink = toLogger(logger)
    // The core takes several addresses as one text.
    const told = optionsOf(WEBHOOK_OPTIONS, { ...rest, url: Array.isArray(url) ? url.join(' ') : url })
    const made = native.createWebhook(hub.queue(), this.#source, told)
    if (typeof made === 'string') throw errorOf(made)
    this.#native = made
  }

  send(message, { signal } = {}) {
    return this.#call('webhook', (tag) => this.#native.send(Message.jsonOf(message), tag), signal)
  }

  flush(deadlineMs, { signal } = {}) {
    if (!(deadlineMs >= 0)) throw argument('the deadline of a flush is a number of milliseconds')
    return this.#call('flush', (tag) => this.#native.flush(Number(deadlineMs), tag), signal)
  }

  #call(operation, begin, signal) {
    return calls.start(operation, begin, { signal, tell: this.#log.tell })
  }
}
