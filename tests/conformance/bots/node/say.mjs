// What is said without being asked, and everything that can be said.

import {
  actionCard,
  audio,
  escapeMarkdown,
  feedCard,
  file,
  fitMarkdown,
  image,
  imageMarkdown,
  link,
  linkTo,
  markdown,
  mention,
  splitMarkdown,
  text,
  video,
  Webhook
} from 'dingstream'

export async function say({ connect, counted, print, printError }) {
  const client = connect()
  const sayings = {
    async users() {
      const users = Array.from({ length: 25 }, (_, number) => `u${number}`)
      const { processQueryKeys } = await client.send(markdown('t', 'x'), { users })
      print({ sent: processQueryKeys.length })
    },
    async group() {
      const { processQueryKeys } = await client.send(text('x'), { group: 'cid1==' })
      print({ sent: processQueryKeys.length })
    },
    async request() {
      const options = { query: { a: 'b' }, body: { queryWord: 'ann' } }
      print({ answered: (await client.request('POST', '/v1.0/contact/users/search', options)).list })
    },
    async robot() {
      const { DINGSTREAM_BOT_WEBHOOK: url, DINGSTREAM_BOT_WEBHOOK_SECRET: secret } = process.env
      const { sent } = await new Webhook({ url, secret, overflow: 'drop' }).send(text('disk full'))
      print({ robot: sent })
    },
    markdown() {
      const table = '| a | b |\n| --- | --- |\n| 1 | 2 |\n'
      const words = Array(20).fill('word').join(' ')
      const shaped = [escapeMarkdown('a*b_[c]'), mention('138'), imageMarkdown('@p'), linkTo('https://a.b/?c=d')]
      print({ markdown: [...shaped, fitMarkdown(table), ...splitMarkdown(words, 64)] })
    },
    async support() {
      const error = await client.request('POST', '/v1.0/contact/users/search').catch((error) => error)
      const steady = /^(client id|HTTP status|code)/
      const support = error.supportText.split('\n').filter((line) => steady.test(line))
      print({ support, requiredScopes: error.requiredScopes })
    },
    async types(message) {
      for (const said of byAnyWay) print({ replied: (await message.reply(said)).via })
      for (const said of byOpenApi) print({ replied: (await message.reply(said, { via: 'openapi' })).via })
    }
  }
  client.onMessage(
    counted(async (message) => {
      try {
        await sayings[message.text]?.(message)
      } catch (error) {
        printError(error)
      }
    })
  )
  await client.run()
}

const [b1, b2] = ['b1', 'b2'].map((title) => ({ title, url: 'https://u' }))

const byAnyWay = [
  text('x'),
  markdown('t', 'x'),
  link('t', 'x', 'https://u', { picture: 'https://p' }),
  actionCard('t', 'x', [b1]),
  actionCard('t', 'x', [b1, b2], { horizontal: true }),
  feedCard([{ title: 'a', url: 'https://u', picture: 'https://p' }])
]

const byOpenApi = [image('@p'), audio('@a', 4000), file('@f', 'a.pdf'), video('$v', '$c', 5)]
