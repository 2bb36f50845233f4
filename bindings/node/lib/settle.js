'use strict'

const native = require('./load.js')
const { KIND } = require('./generated/kinds.js')
const { Later } = require('./later.js')
const { abandonCards, bundleOf, placeOf } = require('./delivery.js')
const { responseOf } = require('./response.js')

/** What DingTalk is told about a handler's error: never the error itself. */
const HANDLER_FAILED = 'the handler failed'

/**
 * Runs a handler and settles by what it returns or throws. What it settled itself, or the library because it took too
 * long, is not settled again: the refusals of the native half are of no interest here, for it has told what matters.
 */
exports.handle = (handler, delivery, kind, tell) => {
  const done = (value) => {
    try {
      settle(delivery, kind, value)
    } catch (error) {
      failed(error)
    }
  }
  const failed = (error) => {
    native.fail(bundleOf(delivery), placeOf(delivery), HANDLER_FAILED)
    abandonCards(delivery)
    const which = `kind ${delivery.kind} (${delivery.id || delivery.topic})`
    tell({ level: 'error', target: 'handler', message: `the handler of a delivery of ${which} failed`, error })
  }
  let returned
  try {
    returned = handler(delivery)
  } catch (error) {
    return failed(error)
  }
  // Never awaited here: the next delivery does not wait for this one's handler.
  if (typeof returned?.then === 'function') Promise.resolve(returned).then(done, failed)
  else done(returned)
}

function settle(delivery, kind, value) {
  const bundle = bundleOf(delivery)
  const place = placeOf(delivery)
  if (value instanceof Later) {
    native.later(bundle, place, value.reason)
    abandonCards(delivery)
  } else if (kind === KIND.MESSAGE || kind === KIND.EVENT) native.ok(bundle, place)
  else if (kind !== KIND.STATE) native.ok(bundle, place, responseOf(value))
}
