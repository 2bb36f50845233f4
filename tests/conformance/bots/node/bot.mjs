// One bot with many behaviours, for the conformance suite: `bot.mjs BEHAVIOUR`.

import { Console } from 'node:console'
import { Client, DingStreamError } from 'dingstream'
import { behaviours } from './behaviours.mjs'

let handled = 0

/** Prints one JSON line. Files and pipes are written at once, so that a line is never lost at exit. */
const print = (line) => process.stdout.write(`${JSON.stringify(line)}\n`)

const printError = (error) => {
  if (!(error instanceof DingStreamError)) throw error
  print({ error: error.kind, code: error.platformCode })
}

/** A handler that is counted. */
const counted = (handler) => (delivery) => {
  handled++
  return handler(delivery)
}

const camel = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase())

/** What the scenario chose goes over what the behaviour did. */
const chosen = Object.fromEntries(
  Object.entries(JSON.parse(process.env.DINGSTREAM_BOT_OPTIONS ?? '{}')).map(([name, value]) => [camel(name), value])
)

function connect(options = {}) {
  const client = new Client({
    clientId: process.env.DINGTALK_CLIENT_ID ?? 'ding-demo',
    clientSecret: process.env.DINGTALK_CLIENT_SECRET ?? 'demo-secret',
    answerMessage: 'on_completion',
    // Standard output is for what the runner reads.
    logger: new Console(process.stderr),
    ...options,
    ...chosen
  })
  return client.onState((change) => print({ state: change.state }))
}

const behaviour = behaviours[process.argv[2]]
if (behaviour === undefined) {
  console.error(`there is no behaviour ${process.argv[2]}: there are ${Object.keys(behaviours).join(', ')}`)
  process.exit(2)
}
try {
  await behaviour({ connect, counted, print, printError })
} catch (error) {
  printError(error)
  process.exitCode ||= 1
}
print({ handled })
