// Cards: those that type, and every other call about them.

import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Card, CardResponse, DynamicData, Space } from 'dingstream'

const FALLBACK = 'gone wrong'
const GROUP = Space.group('cid1==')

export async function type({ connect, counted, print, printError }) {
  const client = connect({ ordering: 'none' })
  const shown = ({ via, state, outTrackIds }) => print({ card: { via, state, cards: outTrackIds.length } })
  const open = (message, options) => message.card('Thinking…', { fallback: FALLBACK, ...options })
  let kept
  const types = {
    async hello(message) {
      const card = open(message)
      card.push('Hello, ')
      card.push('**world**.')
      card.button('Like', { id: 'like' })
      shown(await card.finish())
    },
    async long(message) {
      const card = open(message, { maxChars: 100 })
      card.push('字'.repeat(250))
      shown(await card.finish())
    },
    async drop(message) {
      open(message).push('half')
      await setImmediate()
      collect()
    },
    async fail(message) {
      const card = open(message)
      card.push('half')
      shown(await card.fail('no answer'))
    },
    empty: async (message) => shown(await open(message).finish()),
    async twice(message) {
      const card = open(message)
      card.push('x')
      shown(await card.finish())
      try {
        card.push('y')
      } catch (error) {
        printError(error)
      }
      await card.finish()
    },
    open(message) {
      kept = open(message)
      kept.push('one')
    },
    more: () => kept.push(' two'),
    end: async () => shown(await kept.finish()),
    async own(message) {
      const card = message.card('…', { template: 'mine.schema', key: 'answer', data: { model: { name: 'm' } } })
      card.push('42')
      shown(await card.finish())
    },
    async space() {
      const card = client.card(GROUP, 'Thinking…')
      card.push('hi')
      shown(await card.finish())
    },
    options: (message) => message.card('Thinking…', { maxCalls: 2 })
  }
  await acting(client, types, counted, printError).run()
}

export async function cards({ connect, counted, print, printError }) {
  const client = connect({ ordering: 'none' })
  const acts = {
    async send() {
      const card = new Card('mine.schema', {
        trackId: 't-1',
        data: { title: 't', count: 1, list: [{ a: true }] },
        privateData: { u1: { title: 'for you' } },
        spaces: [Space.group('cid1==', { at: { '@ALL': '@ALL' } }), Space.robot('u1')],
        lastMessage: 'news'
      })
      const { outTrackId, deliverResults } = await client.cardSend(card)
      print({ sent: { outTrackId, spaces: deliverResults.map(({ success }) => success) } })
    },
    async update() {
      await client.cardUpdate('t-1', { data: { count: 2 } })
      print({ updated: true })
    },
    async top() {
      const card = new Card('mine.schema', { trackId: 't-2', data: { title: 't' }, spaces: [GROUP] })
      await client.cardCreate(card)
      const top = new Card('mine.schema', { trackId: 't-2', spaces: [Space.top('cid1==', 4000000000000)] })
      await client.cardAddSpaces(top)
      await client.cardDeliver(top)
      await client.cardCloseTop('t-2', 'cid1==')
      print({ top: true })
    },
    async public() {
      const fields = { spaces: [GROUP] }
      const link = { text: 'b', url: 'https://e' }
      const action = { text: 'b', id: 'i' }
      const slides = [{ title: 's', image: '@i' }]
      const made = [
        Card.markdown({ title: 't', markdown: 'm' }, fields),
        Card.markdownButtons({ markdown: 'm', tips: 'x', buttons: [link] }, fields),
        Card.aiMarkdown({ markdown: 'm', buttons: [action] }, fields),
        Card.carousel({ markdown: 'm', slides, button: 'Choose' }, fields)
      ]
      for (const card of made) await client.cardSend(card)
      print({ public: made.length })
    },
    async route() {
      const options = { secret: 'planted-route-secret', force: true }
      await client.cardRegisterCallback('r', 'https://example.com/c', options)
      print({ route: true })
    },
    async standard() {
      const saying = (text) => ({ contents: [{ type: 'markdown', text, id: '1' }] })
      const { cardBizId } = await client.standardCardSend({ group: 'cid1==' }, 'biz-1', saying('a'))
      await client.standardCardUpdate(cardBizId, saying('b'))
      print({ standard: cardBizId })
    },
    refused: () => client.cardSend(new Card('StandardCard', { spaces: [GROUP] })),
    unknown: () => client.cardUpdate('nobody', { data: { title: 't' } })
  }
  client.onCard(
    counted(({ actionType, actionIds, params, userId, dynamicDataSourceIds }) => {
      if (actionType === 'dynamicDataCallback') {
        return new DynamicData(Object.fromEntries(dynamicDataSourceIds.map((source) => [source, { x: 1 }])))
      }
      print({ clicked: { actionIds, params, userId } })
      return new CardResponse({ count: 1 }, { title: 'mine' })
    })
  )
  await acting(client, acts, counted, printError).run()
}

/** Acts on the text of a message, and prints the error that comes. */
const acting = (client, acts, counted, printError) =>
  client.onMessage(
    counted(async (message) => {
      try {
        await acts[message.text](message)
      } catch (error) {
        printError(error)
      }
    })
  )

/** Has what nobody refers to any more collected. */
function collect() {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
}
