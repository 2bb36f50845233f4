'use strict'

const { toJson } = require('./json.js')
const { kindOf } = require('./message.js')
const { argument } = require('./raise.js')

/** The JSON text of what the application gives as a response or the like; undefined where it gives none. */
exports.given = (what, value) => {
  if (value === undefined) return undefined
  let text
  try {
    text = toJson(value)
  } catch (error) {
    throw argument(`a ${what} is a JSON value, and this is none (${error.message.split('\n')[0]})`)
  }
  if (text === undefined) throw argument(`a ${what} is a JSON value, and this is ${kindOf(value)}`)
  return text
}
