'use strict'

const { inspect } = require('node:util')
const { argument } = require('./raise.js')
const { toJson } = require('./json.js')

const MENTIONS = { atMobiles: 'at_mobiles', atUserIds: 'at_user_ids', atAll: 'at_all' }

/** What is sent. Its text is not shown when it is inspected: it is what a person reads, and belongs in no log. */
class Message {
  #type
  #json

  constructor(type, fields, more = {}, optional = {}) {
    const message = { type, ...fields }
    const known = { ...optional, ...MENTIONS }
    for (const [name, value] of Object.entries(more)) {
      if (!Object.hasOwn(known, name)) {
        throw argument(`a ${type} message takes no ${inspect(name)}: it takes ${Object.keys(known).join(', ')}`)
      }
      message[known[name]] = value
    }
    this.#type = type
    this.#json = toJson(message)
  }

  get type() {
    return this.#type
  }

  /** The JSON text for the native half. */
  static jsonOf(message) {
    if (!(message instanceof Message)) {
      throw argument(`what is sent is a message such as text('hello'), and this is ${kindOf(message)}`)
    }
    return message.#json
  }

  [inspect.custom]() {
    return `Message(${this.#type})`
  }
}

/** What a value is, for an error that must not show the value. */
function kindOf(value) {
  return value === null ? 'null' : typeof value === 'object' ? `an object (${value.constructor?.name})` : typeof value
}

module.exports = { Message, kindOf }
