// The errors that a bot can run into, on demand.

import { Client, text, Webhook } from 'dingstream'

/** More than a webhook lets wait. */
const SENDS = 1100

export async function errors({ connect, counted, printError }) {
  const client = connect()
  const ways = {
    elsewhere: () => client.request('GET', 'https://elsewhere/'),
    config: () => new Client({ clientId: '', clientSecret: '' }),
    long: (message) => message.reply(text('x'.repeat(1024 * 1024))),
    cancel: () => {
      const abort = new AbortController()
      const sent = client.send(text('x'), { group: 'cid1==', signal: abort.signal })
      abort.abort()
      return sent
    },
    closed: () => {
      const second = connect({ clientId: 'ding-second', clientSecret: 'second-secret' })
      second.onState(() => {}).onMessage(() => {})
      const start = second.start()
      second.stop(0)
      return start
    },
    busy: async () => {
      const webhook = new Webhook({ url: process.env.DINGSTREAM_BOT_WEBHOOK })
      const abort = new AbortController()
      const sends = Array.from({ length: SENDS }, () => webhook.send(text('x'), { signal: abort.signal }))
      for (const send of sends) send.catch(() => {})
      // What waits holds the process.
      await sends.at(-1).finally(() => abort.abort())
    }
  }
  client.onMessage(
    counted(async (message) => {
      try {
        await ways[message.text](message)
      } catch (error) {
        printError(error)
      }
    })
  )
  await client.run()
}
