'use strict'

const { DingStreamError } = require('./error.js')
const errors = require('./generated/errors.js')

const classes = new Map(Object.values(errors).map((errorClass) => [errorClass.kind, errorClass]))

/** The error that the native half told as JSON text. */
function errorOf(text) {
  const told = JSON.parse(text)
  return new (classes.get(told.kind) ?? DingStreamError)(told)
}

/** Throws what a native function refused. */
function check(refusal) {
  if (refusal === null) return
  const error = errorOf(refusal)
  Error.captureStackTrace(error, check)
  throw error
}

/** The text that a native function made, alone in a list, unless it refused. */
function made(told) {
  if (typeof told === 'string') throw errorOf(told)
  return told[0]
}

function argument(message) {
  return new errors.ArgumentError({ message })
}

module.exports = { argument, check, errorOf, made }
