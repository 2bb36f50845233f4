'use strict'

// One queue serves all clients of this JavaScript thread: one wake for whatever arrived, then batches of it.

const native = require('./load.js')
const { toConsole } = require('./log.js')

const BATCH = 256

/** What takes the deliveries of each running client, by its source. It keeps the client alive. */
const running = new Map()
/** What takes the records of each client for as long as it is kept, also those that come after its end. */
const logs = new Map()
const forgotten = new FinalizationRegistry((source) => logs.delete(source))
/** The calls under way, by their tag. */
const calls = new Map()

let sources = 0
let tags = 0
let holders = 0
let queue

exports.queue = () => {
  queue ??= new native.Queue(drain)
  return queue
}

/** The source of a new client. `log` must not hold the client. */
exports.register = (client, log) => {
  logs.set(++sources, log)
  forgotten.register(client, sources)
  return sources
}

exports.attach = (source, deliver) => running.set(source, deliver)

exports.detach = (source) => running.delete(source)

/** Waits for the outcome of the call that `begin` starts under the tag it is given: `{ result }` or `{ error }`, text. */
exports.outcome = (begin) =>
  new Promise((resolve) => {
    do tags = (tags + 1) >>> 0
    while (calls.has(tags))
    begin(tags)
    calls.set(tags, resolve)
    hold()
  })

/** While somebody holds, the process does not end by itself. */
function hold() {
  if (holders++ === 0) queue.hold(true)
}

function release() {
  if (--holders === 0) queue.hold(false)
}

exports.hold = hold
exports.release = release

function drain() {
  const items = queue.drain(BATCH)
  for (let i = 0; i < items.length; i += 4) take(items[i], items[i + 1], items[i + 2], items[i + 3])
  // A full batch leaves more behind and no wake comes for it; between two, timers and sockets get their turn.
  if (items.length === 4 * BATCH) setImmediate(drain)
}

function take(what, whose, item, place) {
  switch (what) {
    case native.DONE:
      return finish(whose, { result: item })
    case native.FAILED:
      return finish(whose, { error: item })
    case native.LOG:
      return (logs.get(whose) ?? toConsole)(JSON.parse(item))
    default:
      return running.get(whose)?.(what, item, place)
  }
}

function finish(tag, outcome) {
  calls.get(tag)(outcome)
  calls.delete(tag)
  release()
}
