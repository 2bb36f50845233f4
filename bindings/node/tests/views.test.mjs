import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { BotMessage, CardAction, Client, Event, StateChange } from 'dingstream'
import { Simulator } from './simulator.mjs'

const simulator = await Simulator.start({ after })
const seen = []
const states = []
const client = new Client(simulator.options({ answerMessage: 'on_completion' }))
client.onMessage((message) => void seen.push(message))
client.onCard((action) => void seen.push(action))
client.onEvent((event) => void seen.push(event))
client.onState((change) => void states.push(change))
await client.start()
after(() => client.stop(0))

async function read(push) {
  await simulator.answer(await simulator.push(push))
  return seen.pop()
}

describe('a view', () => {
  it('reads every field as its type, or as undefined', async () => {
    const views = [
      await read({ kind: 'message', text: ' hi\t\r\n', conversationType: '2' }),
      await read({ kind: 'card', actionIds: ['like'], params: { a: 1 } }),
      await read({ kind: 'event', eventType: 'user_add_org' }),
      states[0]
    ]
    assert.deepEqual(
      views.map((view) => view.constructor),
      [BotMessage, CardAction, Event, StateChange]
    )
    for (const view of views) {
      const names = Object.entries(Object.getOwnPropertyDescriptors(view.constructor.prototype))
      for (const [name, { get }] of names) if (get) assert.doesNotThrow(() => view[name], name)
    }
    const [message, action, event, state] = views
    assert.equal(message.text, 'hi')
    assert.equal(message.content, undefined)
    assert.equal(typeof message.createAt, 'number')
    assert.equal(typeof message.isAdmin, 'boolean')
    assert.deepEqual([action.actionIds, action.params], [['like'], { a: 1 }])
    assert.equal(event.eventType, 'user_add_org')
    assert.equal(state.state, 'connecting')
  })

  it('reads what messages of other types hold', async () => {
    const picture = (downloadCode) => ({ type: 'picture', downloadCode })
    const rich = await read({
      kind: 'message',
      msgtype: 'richText',
      data: { content: { richText: [{ text: 'see ' }, picture('c1'), { text: 'this' }, picture('c2')] } }
    })
    assert.deepEqual([rich.text, rich.downloadCodes], ['see this', ['c1', 'c2']])
    const audio = { duration: '5', downloadCode: 'c1', recognition: 'hi' }
    const spoken = await read({ kind: 'message', msgtype: 'audio', data: { content: audio } })
    assert.deepEqual([spoken.downloadCodes, spoken.recognition, spoken.duration], [['c1'], 'hi', 5])
    const plain = await read({ kind: 'message', text: 'hi' })
    assert.deepEqual([plain.downloadCodes, plain.quotedText, plain.errorCode], [undefined, undefined, undefined])
  })

  it('reads nothing where the payload is of another shape', async () => {
    const message = await read({ kind: 'message', data: { text: 7, isAdmin: 'maybe', createAt: 'soon' } })
    assert.deepEqual([message.text, message.isAdmin, message.createAt], [undefined, undefined, undefined])
  })

  it('keeps what it came from', async () => {
    const message = await read({ kind: 'message', text: '你好 \ud83d\ude00' })
    assert.deepEqual([message.kind, message.topic], ['message', '/v1.0/im/bot/messages/get'])
    assert.equal(message.headers.messageId, message.id)
    assert.equal(JSON.parse(message.data).text.content, '你好 \ud83d\ude00')
    assert.equal(message.json().msgtype, message.msgtype)
    assert.equal(message.settled, true)
  })

  it('has no JSON where DingTalk sent none', async () => {
    const frame = JSON.stringify({ type: 'EVENT', headers: { messageId: 'm-1', topic: '*' }, data: 'no JSON' })
    await simulator.push({ kind: 'frame', text: frame })
    await simulator.records({ kind: 'answer', messageId: 'm-1' })
    const event = seen.pop()
    assert.deepEqual([event.data, event.json(), event.eventType], ['no JSON', undefined, undefined])
  })
})
