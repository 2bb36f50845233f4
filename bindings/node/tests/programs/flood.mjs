// A bot in the middle of a flood, which then does what it was told: `flood.mjs exit|stop|return`.

import { Client } from 'dingstream'

const client = new Client({
  clientId: 'ding-demo',
  clientSecret: 'demo-secret',
  answerMessage: 'on_completion',
  // Or one conversation would fill its share of the inbox.
  ordering: 'none'
})
let handled = 0
client.onMessage((message) => {
  handled += message.text.length
  if (handled !== 500) return
  if (process.argv[2] === 'exit') process.exit(7)
  if (process.argv[2] === 'stop') client.stop(2000)
})
if (process.argv[2] === 'unref') client.unref()
await client.start()
process.stdout.write('open\n')
