// A bot under run() whose handler never returns, and which is told to end.

import { Client } from 'dingstream'

const client = new Client({ clientId: 'ding-demo', clientSecret: 'demo-secret', stopDeadlineMs: 50 })
client.onMessage(() => {
  process.stdout.write('stuck\n')
  process.kill(process.pid, 'SIGTERM')
  return new Promise(() => {})
})
await client.run()
process.stdout.write(`${client.state}\n`)
