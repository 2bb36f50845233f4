'use strict'

const { inspect } = require('node:util')
const native = require('./load.js')
const { kindOf } = require('./message.js')
const { optionsOf } = require('./options.js')
const { argument, errorOf } = require('./raise.js')

/** How the core calls what has another name here; any other field goes to DingTalk as it is. */
const FIELDS = {
  trackId: 'track_id',
  privateData: 'private_data',
  lastMessage: 'last_message',
  callbackRoute: 'callback_route'
}

/** What is created. Its values are not shown when it is inspected: they are what people read. */
class Card {
  #native

  constructor(template, fields) {
    const made = native.createCard(optionsOf(FIELDS, { ...fields, template }, 'card'))
    if (typeof made === 'string') throw errorOf(made)
    this.#native = made
  }

  static markdown(data, fields) {
    return new Card('markdown', { ...fields, data })
  }

  static markdownButtons(data, fields) {
    return new Card('markdown_buttons', { ...fields, data })
  }

  static aiMarkdown(data, fields) {
    return new Card('ai_markdown', { ...fields, data })
  }

  static carousel(data, fields) {
    return new Card('carousel', { ...fields, data })
  }

  get trackId() {
    return this.#native.id
  }

  /** The native half. */
  static nativeOf(card) {
    if (!(card instanceof Card)) {
      throw argument(`what is sent is a card such as new Card('template id'), and this is ${kindOf(card)}`)
    }
    return card.#native
  }

  [inspect.custom]() {
    return `Card(${this.trackId})`
  }
}

/** The JSON text of what changes on a card. */
const changeOf = (trackId, change) => optionsOf(FIELDS, { ...change, trackId }, 'change of a card')

const space = (type, id, fields) => ({ ...fields, type, id })

const Space = {
  group: (conversation, fields) => space('IM_GROUP', conversation, fields),
  robot: (user, fields) => space('IM_ROBOT', user, fields),
  single: (conversation, fields) => space('IM_SINGLE', conversation, fields),
  top: (conversation, until, fields) => space('ONE_BOX', conversation, { ...fields, until: Number(until) }),
  other: space
}

module.exports = { Card, changeOf, Space }
