// Prints what the typed views read.

/** JSON knows no undefined: what is absent is null. */
const fields = (delivery, names) => Object.fromEntries(names.map((name) => [name, delivery[name] ?? null]))

const MESSAGE = ['text', 'msgtype', 'conversationType', 'createAt', 'senderNick', 'isAdmin', 'atUsers', 'content']
const EVENT = ['eventType', 'eventId', 'bornTime']
const CARD = ['outTrackId', 'userId', 'actionIds', 'params']

export async function read({ connect, counted, print }) {
  const client = connect()
  const show = (names) =>
    counted((delivery) => {
      print({ read: fields(delivery, names) })
    })
  client.onMessage(show(MESSAGE)).onEvent(show(EVENT)).onCard(show(CARD))
  await client.run()
}
