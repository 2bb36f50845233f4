'use strict'

const { toJson } = require('./json.js')

/** Options as the native half takes them; `names` says how the core calls each. */
exports.optionsOf = (names, options) =>
  toJson(Object.fromEntries(Object.entries(options).map(([name, value]) => [names[name] ?? name, value])))
