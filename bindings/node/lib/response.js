'use strict'

const { inspect } = require('node:util')
const native = require('./load.js')
const { given } = require('./given.js')
const { made } = require('./raise.js')

/** The JSON text of what answers a delivery. */
let responseOf

/** An answer that the core encodes. What people read of it is not shown when it is inspected. */
class Response {
  #json

  static {
    responseOf = (value) => (value instanceof Response ? value.#json : given('response', value))
  }

  constructor(json) {
    this.#json = json
  }

  [inspect.custom]() {
    return this.constructor.name
  }
}

class CardResponse extends Response {
  constructor(data = {}, privateData = {}) {
    const [theirs, mine] = [data, privateData].map((values) => given('card response', values))
    super(made(native.cardResponse(theirs, mine)))
  }
}

class DynamicData extends Response {
  constructor(values = {}) {
    super(made(native.dynamicData(given('set of dynamic data', values))))
  }
}

module.exports = { CardResponse, DynamicData, responseOf }
