// Card instances, what happens to them, and what answers a click.

import assert from 'node:assert/strict'
import { after, afterEach, describe, it } from 'node:test'
import { inspect } from 'node:util'
import {
  ArgumentError,
  CancelledError,
  Card,
  CardResponse,
  Client,
  DynamicData,
  NotFoundError,
  RejectedError,
  Space
} from 'dingstream'
import { Simulator } from './simulator.mjs'

const GROUP = Space.group('cid1==')

const simulator = await Simulator.start({ after })
let client

afterEach(async () => {
  await client?.stop(0)
  await simulator.reset()
})

function idle() {
  client = new Client(simulator.options()).onLog(() => {})
  return client
}

/** A template of one's own, `mine.schema`. */
const mine = () =>
  simulator.order('templates', { id: 'mine.schema', variables: ['title', 'count', 'list'], privateData: true })

/** What is answered to a push where a card handler returns what `respond` does. */
async function answered(respond, push) {
  client = new Client(simulator.options()).onCard(respond).onLog(() => {})
  await client.start()
  return simulator.answer(await simulator.push({ kind: 'card', ...push }))
}

describe('a card', () => {
  it('is sent to several spaces, each with what it shows', async () => {
    await mine()
    const spaces = [Space.group('cid1==', { at: { '@ALL': '@ALL' }, recipients: ['u1'] }), Space.robot('u1')]
    const card = new Card('mine.schema', {
      trackId: 't-1',
      data: { title: 't', count: 1, list: [{ a: true }] },
      privateData: { u1: { title: 'for you' } },
      spaces,
      lastMessage: { ZH_CN: '新闻', EN_US: 'news' },
      notification: false,
      search: { icon: '@i', kind: 'k', description: 'd' },
      forwardable: false,
      callbackRoute: 'r',
      userIdType: 1
    })
    const { outTrackId, deliverResults } = await idle().cardSend(card)
    assert.deepEqual([outTrackId, deliverResults.map(({ success }) => success)], ['t-1', [true, true]])
    const [{ params, users, callbackType }] = await simulator.cards()
    assert.deepEqual(params, { title: 't', count: '1', list: '[{"a":true}]' })
    assert.deepEqual([users, callbackType], [{ u1: { title: 'for you' } }, 'HTTP'])
    const [{ body }] = await simulator.records({ kind: 'card' })
    assert.deepEqual(body.imGroupOpenDeliverModel.recipients, ['u1'])
    assert.deepEqual(body.imGroupOpenSpaceModel.notification, { notificationOff: true })
    assert.equal(body.imGroupOpenSpaceModel.lastMessageI18n.EN_US, 'news')
    assert.equal(body.callbackRouteKey, 'r')
  })

  it('has an id of its own that it keeps, and is one card for create and deliver', async () => {
    await mine()
    const card = new Card('mine.schema', { data: { title: 't' }, spaces: [GROUP] })
    assert.notEqual(card.trackId, new Card('mine.schema').trackId)
    assert.deepEqual(await idle().cardCreate(card), { outTrackId: card.trackId })
    await client.cardDeliver(card)
    const until = new Date(4_000_000_000_000)
    const top = new Card('mine.schema', { trackId: card.trackId, spaces: [Space.top('cid1==', until)] })
    await client.cardAddSpaces(top)
    await client.cardDeliver(top)
    await client.cardCloseTop(card.trackId, 'cid1==')
    const [{ spaces }, ...others] = await simulator.cards()
    assert.deepEqual(others, [])
    assert.deepEqual(
      spaces.map(({ spaceType, closed = false }) => [spaceType, closed]),
      [
        ['IM_GROUP', false],
        ['ONE_BOX', true]
      ]
    )
  })

  it('of a public template has its fields', async () => {
    const fields = { spaces: [GROUP] }
    const slides = [{ title: 's', image: '@i' }]
    idle()
    await client.cardSend(Card.markdown({ title: 't', markdown: 'm' }, fields))
    await client.cardSend(Card.markdownButtons({ markdown: 'm', buttons: [{ text: 'b', url: 'https://e' }] }, fields))
    await client.cardSend(Card.aiMarkdown({ markdown: 'm', buttons: [{ text: 'b', id: 'i' }] }, fields))
    await client.cardSend(Card.carousel({ markdown: 'm', slides, button: 'Choose' }, fields))
    const [plain, buttons, ai, carousel] = (await simulator.cards()).map(({ params }) => params)
    assert.deepEqual(plain, { title: 't', markdown: 'm' })
    assert.equal(JSON.parse(buttons.sys_full_json_obj).msgButtons[0].url, 'https://e')
    assert.equal(ai.msgContent, 'm')
    assert.deepEqual(JSON.parse(carousel.sys_full_json_obj).msgSlider, slides)
    assert.throws(() => Card.markdown({ tips: 'x' }), /its fields are title, markdown, logo/)
    assert.throws(() => Card.aiMarkdown({ buttons: [{ text: 'b' }] }), ArgumentError)
  })

  it('is refused where it can be none, without its values', async () => {
    for (const wrong of [{ data: 'planted' }, { spaces: [{ id: 'planted' }] }, { data: { planted: 1n } }]) {
      assert.throws(
        () => new Card('mine.schema', wrong),
        (error) => error instanceof ArgumentError && !inspect(error).includes('planted')
      )
    }
    await assert.rejects(idle().cardSend({ planted: 'planted' }), /a card such as .* and this is an object \(Object\)/)
    await assert.rejects(client.cardSend(new Card('StandardCard', { spaces: [GROUP] })), ArgumentError)
    await assert.rejects(client.cardSend(new Card('mine.schema')), /no space/)
    await assert.rejects(client.cardSend(new Card('nowhere.schema', { spaces: [GROUP] })), { kind: 'not_found' })
    await assert.rejects(client.cardSend(Card.markdown({}), { signal: AbortSignal.abort() }), CancelledError)
  })

  it('rejects where no space got it, and tells of each where one did', async () => {
    await simulator.order('settings', { failedSpaces: ['cid1=='] })
    await assert.rejects(idle().cardSend(Card.markdown({ title: 't' }, { spaces: [GROUP] })), RejectedError)
    const card = Card.markdown({ title: 't' }, { spaces: [GROUP, Space.robot('u1')] })
    const { deliverResults } = await client.cardSend(card)
    assert.deepEqual(
      deliverResults.map(({ success }) => success),
      [false, true]
    )
  })

  it('changes by what is named, or whole', async () => {
    await mine()
    const card = new Card('mine.schema', { data: { title: 't', count: 1 }, spaces: [GROUP] })
    await idle().cardSend(card)
    await client.cardUpdate(card.trackId, { data: { count: 2 }, privateData: { u1: { title: 'mine' } } })
    let [{ params, users }] = await simulator.cards()
    assert.deepEqual([params, users], [{ title: 't', count: '2' }, { u1: { title: 'mine' } }])
    await client.cardUpdate(card.trackId, { data: { count: 3 }, whole: true })
    ;[{ params }] = await simulator.cards()
    assert.deepEqual(params, { count: '3' })
    await assert.rejects(client.cardUpdate(card.trackId), ArgumentError)
    await assert.rejects(client.cardUpdate('nobody', { data: { title: 't' } }), NotFoundError)
  })

  it('has callbacks over HTTP where it wants them, whose secret is not told', async () => {
    const options = { secret: 'planted-secret', force: true }
    const told = await idle().cardRegisterCallback('r', 'https://example.com/c', options)
    assert.doesNotMatch(inspect(told, { depth: 9 }), /planted/)
    const [{ body }] = await simulator.records({ kind: 'card', op: 'registerCallback' })
    assert.deepEqual([body.callbackRouteKey, body.forceUpdate], ['r', true])
  })

  it('of the ordinary kind is sent and replaced', async () => {
    const saying = (text) => ({ contents: [{ type: 'markdown', text, id: '1' }] })
    const { cardBizId, processQueryKey } = await idle().standardCardSend({ users: ['u1'] }, 'biz-1', saying('a'))
    assert.deepEqual([cardBizId, typeof processQueryKey], ['biz-1', 'string'])
    await client.standardCardUpdate('biz-1', saying('b'))
    await simulator.records({ kind: 'card', op: 'updateOrdinary', status: 200 })
    await assert.rejects(client.standardCardSend({ users: ['u1'] }, 'biz-2', 'planted'), /takes an object$/)
  })
})

describe('a click', () => {
  it('is answered with what changes for the one who clicked', async () => {
    const { data } = await answered(() => new CardResponse({ likes: 2 }, { liked: true }), { actionIds: ['like'] })
    assert.deepEqual(data.response, {
      cardData: { cardParamMap: { likes: '2' } },
      userPrivateData: { cardParamMap: { liked: 'true' } },
      cardUpdateOptions: { updateCardDataByKey: true, updatePrivateDataByKey: true }
    })
  })

  it('may be answered before its handler returns, with nothing too', async () => {
    const { data } = await answered((action) => action.ok(new CardResponse()), { actionIds: ['like'] })
    assert.deepEqual(data, { response: {} })
  })

  it('that asks for dynamic data gets it for each source', async () => {
    const respond = ({ actionType, dynamicDataSourceIds }) => {
      assert.equal(actionType, 'dynamicDataCallback')
      return new DynamicData(Object.fromEntries(dynamicDataSourceIds.map((source) => [source, { x: 1 }])))
    }
    const { data } = await answered(respond, { outTrackId: 'card-1', dynamic: ['source-1'] })
    assert.deepEqual(data.response.dataSourceQueryResponses, [
      { dynamicDataSourceId: 'source-1', dynamicDataValueType: 'OBJECT', data: '{"x":1}' }
    ])
  })

  it('takes objects of JSON', () => {
    assert.throws(() => new CardResponse(['planted']), { message: 'data takes an object' })
    assert.throws(() => new CardResponse({}, 'planted'), { message: 'private data takes an object' })
    assert.throws(() => new DynamicData(null), ArgumentError)
    assert.throws(() => new CardResponse({ planted: 1n }), /a card response is a JSON value/)
  })
})

it('nothing of a card is shown but its id', () => {
  const planted = { planted: 'planted' }
  const things = [
    new Card('mine.schema', { trackId: 't-1', data: planted, privateData: { u1: planted } }),
    new CardResponse(planted, planted),
    new DynamicData(planted)
  ]
  assert.deepEqual(
    things.map((thing) => inspect(thing)),
    ['Card(t-1)', 'CardResponse', 'DynamicData']
  )
  for (const thing of things) {
    const bare = inspect(thing, { showHidden: true, customInspect: false, depth: 9 })
    assert.doesNotMatch(bare + JSON.stringify(thing), /planted/)
  }
})
