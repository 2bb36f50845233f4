'use strict'

/** Set free by JSON.stringify for half of a surrogate pair alone, which is no character and which JSON readers refuse. */
const LONE_SURROGATE = /\\ud[89a-f]/

const wellFormed = (_key, value) => (typeof value === 'string' ? value.toWellFormed() : value)

/** JSON text that every reader takes; undefined where `value` has none. */
exports.toJson = (value) => {
  const text = JSON.stringify(value)
  return text !== undefined && LONE_SURROGATE.test(text) ? JSON.stringify(value, wellFormed) : text
}
