// What users write, as the compiler sees it; nothing here runs.

import {
  type BotMessage,
  Card,
  CardResponse,
  Client,
  DingStreamError,
  DynamicData,
  Later,
  RejectedError,
  Space,
  TOPICS,
  Webhook
} from 'dingstream'
import {
  actionCard,
  feedCard,
  fitMarkdown,
  graphResponse,
  link,
  linkTo,
  markdown,
  splitMarkdown,
  text
} from 'dingstream'
import type { CardSession, ErrorKind, Kind, LogRecord, State, Stats } from 'dingstream'

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
    via satisfies 'session' | 'openapi'
    const { processQueryKeys } = await message.reply(link('t', 'x', 'u', { picture: 'p' }), { via: 'openapi' })
    await client.recall(processQueryKeys ?? [])
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

const { processQueryKeys, lost } = await client.send(text('x'), { users: ['u1'], signal: AbortSignal.timeout(1) })
await client.readStatus(processQueryKeys[0] ?? '')
await client.recall(processQueryKeys, { group: 'cid' })
await client.send(actionCard('t', 'x', [{ title: 'b', url: 'u' }], { horizontal: true }), { group: lost?.[0] ?? '' })
await client.send(text('x'), { conversation: 'cid', coolApp: 'code' })
await client.ding(['u1'], 'now', { remind: 'phone' })
const { list } = await client.request('POST', '/v1.0/x', { query: { a: 1 }, body: { b: 2 }, host: 'oapi', corp: 'c' })
client.setSuiteTicket(list)
const { mediaId } = await client.upload('image', new Uint8Array(1), { name: 'a.png' })
await client.upload('file', '/a.pdf', { signal: AbortSignal.timeout(1) })
const file = await client.download(mediaId, { robotCode: 'r' })
const { path, bytes } = await client.download(file.name, { to: '/tmp' })
client.onGraph(({ method, uri }) => graphResponse({ method, uri, path, bytes }, { status: 404, headers: { a: 'b' } }))
const parts: string[] = splitMarkdown(fitMarkdown(linkTo(file.data.toString(), 'browser')), 100)

client.onMessage(async (message) => {
  await using card: CardSession = message.card('Thinking…', { fallback: 'gone', data: { logo: '@l' }, maxCalls: 20 })
  card.push(message.text ?? '')
  card.button('Like', { id: 'like' })
  card.button('Open', { url: 'u', color: 'blue' })
  card.value('msgTitle', [1])
  const { via, state, outTrackId, calls, degraded } = await card.finish({ signal: AbortSignal.timeout(1) })
  if (via !== 'card') degraded?.kind satisfies string
  if (state === 'failed') await client.card(Space.group(outTrackId ?? '')).fail(`after ${calls} calls`)
})
client.onCard(({ actionType, dynamicDataSourceIds }) =>
  actionType === 'dynamicDataCallback'
    ? new DynamicData({ [dynamicDataSourceIds?.[0]]: 'x' })
    : new CardResponse({ likes: 2 }, { liked: true })
)
const poll = new Card('mine.schema', {
  data: { options: ['a', 'b'] },
  privateData: { u1: { voted: false } },
  spaces: [Space.group('cid', { at: { u1: 'Ann' } }), Space.top('cid', new Date(0)), Space.other('X', 'y', { z: 1 })],
  notification: false,
  search: { icon: '@i', kind: 'poll', description: 'd' },
  cardAtUserIds: ['u1']
})
const { outTrackId, deliverResults } = await client.cardSend(poll, { signal: AbortSignal.timeout(1) })
await client.recall([deliverResults[0]?.carrierId ?? ''], { group: 'cid' })
await client.cardUpdate(outTrackId, { data: { votes: 1 }, whole: true, signal: AbortSignal.timeout(1) })
await client.cardCreate(Card.aiMarkdown({ markdown: 'm', buttons: [{ text: 'b', id: 'i', color: 'blue' }] }))
await client.cardCloseTop(poll.trackId, 'cid')
await client.cardRegisterCallback('r', 'u', { force: true })
await client.standardCardUpdate((await client.standardCardSend({ group: 'cid' }, 'biz', {})).cardBizId, {})

const robot = new Webhook({ url: ['u1', 'u2'], secret: 's', overflow: 'rotate', tooLong: 'split', logger: console })
const { sent, digest } = await robot.send(feedCard([{ title: 't', url: 'u', picture: 'p' }]), {})
const left: number = (await robot.flush(1000)).left + (sent ?? 0) + (digest ?? 0)

// @ts-expect-error A button does something.
client.onMessage((message) => message.card().button('b', {}))
// @ts-expect-error The text of a session comes first.
client.card(Space.robot('u1'), { text: 'x' })
// @ts-expect-error Slides have a picture.
Card.carousel({ slides: [{ title: 's' }] })
// @ts-expect-error Bytes have no name of their own.
client.upload('image', new Uint8Array(1))
// @ts-expect-error A file in memory has no path.
file.path
// @ts-expect-error There is no such place.
linkTo(parts[0] ?? '', 'window')
// @ts-expect-error A webhook needs an address.
new Webhook({ secret: 's', requestTimeoutMs: left })
// @ts-expect-error A target is of one kind.
client.send(text('x'), {})
// @ts-expect-error A conversation needs its cool-app.
client.send(text('x'), { conversation: 'cid' })
// @ts-expect-error There is no such way.
client.onMessage((message) => message.reply(text('x'), { via: 'pigeon' }))
// @ts-expect-error A button has an address.
actionCard('t', 'x', [{ title: 'b' }])
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
