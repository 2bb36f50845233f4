'use strict'

const { inspect } = require('node:util')
const { argument } = require('./raise.js')
const { toJson } = require('./json.js')

const MENTIONS = { atMobiles: 'at_mobiles', atUserIds: 'at_user_ids', atAll: 'at_all' }

/** What is sent. Its text is not shown when it is inspected: it is what a person reads, and belongs in no log. */
class Message {
  #type
  #json

  constructor(type, fields, mentions = {}) {
    const message = { type, ...fields }
    for (const [name, value] of Object.entries(mentions)) {
      if (!Object.hasOwn(MENTIONS, name)) {
        throw argument(`there is no mention ${inspect(name)}: there are ${Object.keys(MENTIONS).join(', ')}`)
      }
      message[MENTIONS[name]] = value
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
      throw argument(`a reply takes a message such as text('hello'), and got ${kindOf(message)}`)
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
