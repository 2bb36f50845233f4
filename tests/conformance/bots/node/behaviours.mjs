// What the bot can do. Each behaviour is a function of the tools that bot.mjs gives it.

import { setTimeout as sleep } from 'node:timers/promises'
import { Later, markdown, text } from 'dingstream'
import { cards, type } from './cards.mjs'
import { errors } from './errors.mjs'
import { media } from './media.mjs'
import { graph, read } from './read.mjs'
import { say } from './say.mjs'
import { wait } from './wait.mjs'

const OTHER = '/v1.0/x'

/** Registers one handler for everything that is answered. */
const everything = (client, handler) => client.onMessage(handler).onEvent(handler).onCard(handler).on(OTHER, handler)

async function answer({ connect, counted }) {
  const client = connect()
  client.onMessage(counted((message) => void message.text))
  await answerTheRest(client, counted).run()
}

async function stats({ connect, counted, print }) {
  const client = connect()
  const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  client.onMessage(
    counted(({ text }) => {
      if (text !== 'stats') return
      const numbers = Object.entries(client.stats()).map(([name, number]) => [snake(name), number])
      print({ stats: Object.fromEntries(numbers) })
    })
  )
  await answerTheRest(client, counted).run()
}

function answerTheRest(client, counted) {
  client.onEvent(counted(() => {}))
  client.onCard(counted((action) => ({ cardData: { cardParamMap: { clicked: action.actionIds[0] } } })))
  return client.on(
    OTHER,
    counted((delivery) => ({ echo: delivery.json() }))
  )
}

async function echo({ connect, counted }) {
  const client = connect({ answerMessage: undefined })
  client.onMessage(
    counted(async (message) => {
      await message.reply(markdown('echo', `**${message.text}**`))
    })
  )
  await client.run()
}

const later = ({ connect, counted }) =>
  everything(
    connect(),
    counted(() => new Later('try again'))
  ).run()

const fail = ({ connect, counted }) =>
  everything(
    connect(),
    counted(() => {
      throw new Error('planted-secret')
    })
  ).run()

async function slow({ connect, counted }) {
  const client = connect()
  client.onMessage(
    counted(async (message) => {
      await sleep(1000)
      await message.reply(text(`slow: ${message.text}`))
    })
  )
  await client.run()
}

async function silent({ connect, counted }) {
  const kept = []
  const keep = (delivery) => {
    kept.push(delivery)
    return new Promise(() => {})
  }
  await everything(connect(), counted(keep)).run()
}

async function gate({ connect, counted }) {
  const client = connect()
  const gone = Promise.withResolvers?.() ?? withResolvers()
  client.onMessage(
    counted(async (message) => {
      if (message.text === 'wait') {
        await gone.promise
        await message.reply(text('waited'))
      } else if (message.text === 'go') {
        await message.reply(text('gone'))
        gone.resolve()
      }
    })
  )
  await client.run()
}

function withResolvers() {
  const made = {}
  made.promise = new Promise((resolve) => {
    made.resolve = resolve
  })
  return made
}

async function stop({ connect, counted }) {
  const client = connect()
  client.onMessage(
    counted(async (message) => {
      await message.reply(text('stopping'))
      client.stop(5000)
    })
  )
  await client.run()
}

async function restart({ connect, counted }) {
  const client = connect()
  let run
  let handled
  client.onMessage(
    counted(async (message) => {
      await message.reply(text(`run ${run}: ${message.text}`))
      handled()
    })
  )
  for (run = 1; run <= 2; run++) {
    const first = new Promise((resolve) => {
      handled = resolve
    })
    await client.start()
    await first
    await client.stop(5000)
  }
}

async function two({ connect, counted }) {
  const apps = [
    ['ding-demo', 'demo-secret'],
    ['ding-second', 'second-secret']
  ]
  await Promise.all(
    apps.map(([clientId, clientSecret]) => {
      const client = connect({ clientId, clientSecret })
      client.onMessage(
        counted(async (message) => {
          await message.reply(text(`${clientId}: ${message.text}`))
        })
      )
      return client.run()
    })
  )
}

async function twice({ connect, counted, printError }) {
  const client = connect()
  client.onMessage(
    counted((message) => {
      message.ok()
      try {
        message.ok()
      } catch (error) {
        printError(error)
      }
    })
  )
  await client.run()
}

async function reply({ connect, counted, print, printError }) {
  const client = connect()
  client.onMessage(
    counted(async (message) => {
      try {
        const { via } = await message.reply(text(message.text))
        print({ replied: via })
      } catch (error) {
        printError(error)
      }
    })
  )
  await client.run()
}

async function types({ connect, counted, print }) {
  const client = connect()
  for (const type of ['user_add_org', 'org_remove']) {
    client.onEvent(
      type,
      counted((event) => print({ event: event.eventType }))
    )
  }
  await client.run()
}

async function iterate({ connect, counted }) {
  const client = connect()
  const count = counted(() => {})
  const deliveries = client.deliveries('message', 'event')
  const running = client.run()
  for await (const delivery of deliveries) {
    count(delivery)
    if (delivery.kind !== 'message') continue
    await delivery.reply(text(delivery.text))
    if (delivery.text === 'stop') client.stop(5000)
  }
  await running
}

const card = ({ connect, counted }) =>
  connect()
    .onCard(counted(() => 'a text'))
    .run()

async function start({ connect, printError }) {
  const client = connect()
  client.onMessage(() => {})
  try {
    await client.start()
  } catch (error) {
    printError(error)
    process.exitCode = 3
    return
  }
  await client.stop()
}

export const behaviours = {
  answer,
  echo,
  later,
  fail,
  slow,
  silent,
  gate,
  stop,
  restart,
  two,
  twice,
  reply,
  types,
  iterate,
  card,
  cards,
  type,
  start,
  stats,
  read,
  graph,
  errors,
  media,
  say,
  wait
}
