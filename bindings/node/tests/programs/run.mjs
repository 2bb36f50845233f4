// A bot under run(), with a handler of its own for SIGTERM that must come back.

import { Client, text } from 'dingstream'

const client = new Client({ clientId: 'ding-demo', clientSecret: 'demo-secret', answerMessage: 'on_completion' })
client.onMessage(async (message) => {
  process.stdout.write('busy\n')
  process.kill(process.pid, 'SIGTERM')
  await message.reply(text('still here'))
})
client.onState(({ state }) => process.stdout.write(`${state}\n`))
await client.run()
const left = ['SIGINT', 'SIGTERM'].map((signal) => process.listenerCount(signal))
process.stdout.write(`left ${left}\n`)
