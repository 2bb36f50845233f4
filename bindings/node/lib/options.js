'use strict'

const { given } = require('./given.js')

/** Options, or the fields of something else, as the native half takes them; `names` says how the core calls each. */
exports.optionsOf = (names, options, what = 'set of options') =>
  given(what, Object.fromEntries(Object.entries(options).map(([name, value]) => [names[name] ?? name, value])))
