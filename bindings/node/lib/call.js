'use strict'

const hub = require('./hub.js')
const { CancelledError } = require('./generated/errors.js')
const { errorOf } = require('./raise.js')

/** A promise that knows whether anybody looked at it. */
class Call extends Promise {
  #looked = false

  static get [Symbol.species]() {
    return Promise
  }

  // biome-ignore lint/suspicious/noThenProperty: whoever awaits the call has looked at it
  then(onFulfilled, onRejected) {
    this.#looked = true
    return super.then(onFulfilled, onRejected)
  }

  /** A failure that nobody looked at is told to `forgotten` and is no unhandled rejection. */
  static of(outcome, forgotten) {
    const call = new Call((resolve) => resolve(outcome))
    Promise.prototype.then.call(call, undefined, (error) => {
      if (!call.#looked) forgotten(error)
    })
    return call
  }
}

/**
 * Starts an operation: `begin` takes the tag for its outcome and returns the native call or its refusal. `over` hears of the
 * end before anybody else, with the error if there is one. `finish` makes the result of what the operation brought.
 */
exports.start = (operation, begin, { signal, tell, over, finish }) => {
  const trace = {}
  Error.captureStackTrace(trace, exports.start)
  return Call.of(run(operation, begin, { signal, over, finish, trace }), (error) =>
    tell({ level: 'warn', target: 'call', message: `nobody looked at the error of ${operation}`, error })
  )
}

async function run(operation, begin, { signal, over, finish = (told) => told, trace }) {
  let call
  const cancel = () => call.cancel()
  try {
    if (signal?.aborted) throw new CancelledError({ message: `${operation} was cancelled`, stage: `call:${operation}` })
    const outcome = await hub.outcome((tag) => {
      call = begin(tag)
      if (typeof call === 'string') throw errorOf(call)
      signal?.addEventListener('abort', cancel, { once: true })
    })
    if (outcome.error !== undefined) throw errorOf(outcome.error)
    over?.()
    return await finish(JSON.parse(outcome.result))
  } catch (error) {
    if (signal?.aborted && error instanceof CancelledError) error.cause = signal.reason
    // The frames of the caller, not those of the queue that brought the outcome.
    error.stack = `${error.name}: ${error.message}${trace.stack.slice(trace.stack.indexOf('\n'))}`
    over?.(error)
    throw error
  } finally {
    signal?.removeEventListener('abort', cancel)
  }
}
