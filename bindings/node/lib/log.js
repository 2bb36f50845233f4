'use strict'

const { inspect } = require('node:util')

/** Most loggers have no `trace` that means what ours does. */
const METHODS = { error: 'error', warn: 'warn', info: 'info', debug: 'debug', trace: 'debug' }

/** A function that takes records and hands them to `logger`, as one text each. */
function toLogger(logger) {
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
