'use strict'

const { inspect } = require('node:util')
const { argument } = require('./raise.js')

/** Most loggers have no `trace` that means what ours does. */
const METHODS = { error: 'error', warn: 'warn', info: 'info', debug: 'debug', trace: 'debug' }

/** A function that takes records and hands them to `logger`, as one text each. */
function toLogger(logger) {
  for (const method of new Set(Object.values(METHODS))) {
    if (typeof logger?.[method] !== 'function') {
      throw argument(`a logger is an object like console, and this one has no method ${method}`)
    }
  }
  return ({ level, target, message, error }) => {
    const cause = error === undefined ? '' : `: ${inspect(error)}`
    logger[METHODS[level]](`dingstream ${target}: ${message}${cause}`)
  }
}

const toConsole = toLogger(console)

/** Where the records of one client go. */
class Log {
  sink = toConsole

  tell = (record) => {
    try {
      this.sink(record)
    } catch (error) {
      // A logger that throws must not stop what it was told about.
      toConsole(record)
      toConsole({ level: 'error', target: 'log', message: 'the logger failed', error })
    }
  }
}

module.exports = { Log, toConsole, toLogger }
