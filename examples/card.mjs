// An AI card that types its answer, with a button whose click gets a response.

import { setTimeout } from 'node:timers/promises'
import { CardResponse, Client } from 'dingstream'

const client = new Client({
  clientId: process.env.DINGTALK_CLIENT_ID,
  clientSecret: process.env.DINGTALK_CLIENT_SECRET
})

client.onMessage(async (message) => {
  const card = message.card('Thinking…')
  for await (const word of model(message.text)) card.push(word)
  card.button('Helpful', { id: 'helpful' })
  await card.finish()
})

client.onCard(() => new CardResponse({ msgTitle: 'Thank you!' }))

/** Stands for a model, which takes its time for each word. */
async function* model(question) {
  for (const word of `You asked: **${question}**. Let me think about that.`.split(' ')) {
    await setTimeout(100)
    yield `${word} `
  }
}

await client.run()
