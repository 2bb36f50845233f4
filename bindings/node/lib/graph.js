'use strict'

const native = require('./load.js')
const { given } = require('./given.js')
const { argument, made } = require('./raise.js')

exports.graphResponse = (body, { status = 200, contentType = 'application/json', headers = {} } = {}) => {
  if (!Number.isInteger(status)) throw argument('the status of a response is a whole number')
  const text = typeof body === 'string' ? body : (given('body', body) ?? '')
  const pairs = Object.entries(headers).map(([name, value]) => [name, String(value)])
  return JSON.parse(made(native.graphResponse(status, String(contentType), pairs, text)))
}
