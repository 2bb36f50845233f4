'use strict'

const { given } = require('./given.js')

/** A key says by itself which users it is about. */
const USERS = { users: [] }

/** The JSON text of a target, which the native half checks. */
exports.toTarget = (target = USERS) => {
  const { coolApp, ...rest } = Object(target)
  return given('target', coolApp === undefined ? rest : { ...rest, cool_app: coolApp })
}
