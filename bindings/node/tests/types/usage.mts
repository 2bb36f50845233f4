// What users write, as the compiler sees it; nothing here runs.

import { type BotMessage, Client, DingStreamError, Later, RejectedError, TOPICS, markdown, text } from 'dingstream'
import type { ErrorKind, Kind, LogRecord, State, Stats } from 'dingstream'

const client = new Client({
  clientId: 'id',
  clientSecret: 'secret',
  answerMessage: 'on_completion',
  inboxCount: 10,
  extras: { a: 'b' },
  proxy: 'socks5://user:password@localhost:1080',
  ordering: 'sender',
  bypass: ['/stop'],
  logger: console
})

client
  .onMessage(async (message) => {
    const sent: string | undefined = message.text
    const at: number | undefined = message.createAt
    const { via } = await message.reply(markdown('echo', `**${sent}** ${at}`, { atAll: true }))
    via satisfies string
  })
  .onMessage((message: BotMessage) => message.reply(text('x'), { signal: AbortSignal.timeout(1) }))
  .onEvent((event) => (event.eventType === 'x' ? new Later('busy') : undefined))
  .onEvent('user_add_org', 'org_remove', (event) => event.eventId)
  .onCard((action) => ({ cardData: { cardParamMap: { clicked: action.actionIds[0] } } }))
  .on(TOPICS.GRAPH, (delivery) => delivery.json())
  .onState((change) => change.retryInMs)
  .onLog((record: LogRecord) => record.error)

await client.start({ signal: new AbortController().signal })
await client.stop(5000)
await client.stop()
await client.run()
client.unref().ref()
const state: State = client.state
const stats: Stats = client.stats()
stats.lastFrameAgeMs satisfies number
client.metrics() satisfies string

for await (const delivery of client.deliveries('message', 'card')) {
  if (delivery.kind === 'message') delivery.take().text
  else delivery.actionIds
}
for await (const delivery of client.deliveries('/v1.0/x')) delivery.ok({ kind: delivery.kind satisfies Kind, state })

try {
  await client.start()
} catch (error) {
  if (error instanceof RejectedError) error.kind satisfies 'rejected'
  else if (error instanceof DingStreamError) error.kind satisfies ErrorKind
}

// @ts-expect-error A client needs its credential.
new Client({ clientId: 'id' })
// @ts-expect-error There is no such option.
new Client({ clientId: 'id', clientSecret: 'secret', colour: 1 })
// @ts-expect-error There is no such number.
stats.colour
// @ts-expect-error There is no such ordering.
new Client({ clientId: 'id', clientSecret: 'secret', ordering: 'random' })
// @ts-expect-error There is no such answer.
new Client({ clientId: 'id', clientSecret: 'secret', answerMessage: 'never' })
// @ts-expect-error A reply takes a message.
client.onMessage((message) => message.reply('x'))
// @ts-expect-error There is no such kind.
client.deliveries('poem')
// @ts-expect-error Only the library makes errors.
new RejectedError()
