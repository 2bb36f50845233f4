// Prints what the typed views read.

import { graphResponse, markdown } from 'dingstream'

/** JSON knows no undefined: what is absent is null. */
const fields = (delivery, names) => Object.fromEntries(names.map((name) => [name, delivery[name] ?? null]))

const MESSAGE = ['text', 'msgtype', 'conversationType', 'createAt', 'senderNick', 'isAdmin', 'atUsers', 'content']
const RICH = [
  'downloadCodes',
  'fileName',
  'recognition',
  'duration',
  'videoType',
  'isReply',
  'quotedMsgId',
  'quotedText',
  'hostingUserId',
  'errorCode',
  'errorMessage',
  'cardUrl'
]
const EVENT = ['eventType', 'eventId', 'bornTime']
const CARD = ['outTrackId', 'userId', 'actionIds', 'params']

export async function read({ connect, counted, print }) {
  const client = connect()
  const show = (names) =>
    counted((delivery) => {
      print({ read: fields(delivery, names) })
    })
  const showMessage = counted((message) => {
    print({ read: fields(message, MESSAGE) })
    const rich = Object.entries(fields(message, RICH)).filter(([, value]) => value !== null)
    if (rich.length > 0) print({ rich: Object.fromEntries(rich) })
  })
  client.onMessage(showMessage).on('/v1.0/im/bot/messages/delegate', showMessage)
  client.onEvent(show(EVENT)).onCard(show(CARD))
  await client.run()
}

export async function graph({ connect, counted, print, printError }) {
  const client = connect()
  client.onGraph(
    counted(async (request) => {
      if (request.uri === '/reply') {
        await request.reply(markdown('echo', '**hi**')).then(({ via }) => print({ replied: via }), printError)
      } else {
        print({ graph: fields(request, ['method', 'uri', 'body', 'pluginId']) })
      }
      return graphResponse({ echo: request.method }, { status: 201, headers: { 'x-trace': 't' } })
    })
  )
  await client.run()
}
