// A bot that says back what it hears.

import { Client, markdown } from 'dingstream'

const client = new Client({
  clientId: process.env.DINGTALK_CLIENT_ID,
  clientSecret: process.env.DINGTALK_CLIENT_SECRET
})

client.onMessage(async (message) => {
  await message.reply(markdown('echo', `**${message.text}**`))
})

await client.run()
