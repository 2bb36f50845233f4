// A bot whose handlers take a while: `slow.mjs MILLISECONDS`.

import { Console } from 'node:console'
import { setTimeout } from 'node:timers/promises'
import { Client } from 'dingstream'

const work = Number(process.argv[2])
let handled = 0
const client = new Client({
  clientId: 'ding-demo',
  clientSecret: 'demo-secret',
  answerMessage: 'on_completion',
  // Standard output is for what is measured.
  logger: new Console(process.stderr)
})

client.onMessage(async (message) => {
  if (message.text !== undefined) handled++
  await setTimeout(work)
})

await client.run()
process.stdout.write(`${JSON.stringify({ handled })}\n`)
