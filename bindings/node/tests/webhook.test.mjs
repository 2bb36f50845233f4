// The custom robot, which needs no client.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, afterEach, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import { ArgumentError, ConfigError, ForbiddenError, ThrottledError, text, Webhook } from 'dingstream'
import { Simulator } from './simulator.mjs'

const simulator = await Simulator.start({ after })
afterEach(() => simulator.reset())

let robots = 0

/** Makes a robot and gives its address. The limit outlives a webhook, so each has a name of its own. */
async function robot(rules) {
  const accessToken = `planted-${robots++}`
  await simulator.order('robots', { accessToken, ...rules })
  return `${simulator.url}/robot/send?access_token=${accessToken}`
}

describe('a webhook', () => {
  it('signs what it sends', async () => {
    const webhook = new Webhook({ url: await robot({ secret: 'SEC1' }), secret: 'SEC1' })
    assert.deepEqual(await webhook.send(text('disk full', { atMobiles: ['138'] })), { sent: 1 })
    const [{ signed, body }] = await simulator.records({ kind: 'robot' })
    assert.deepEqual([signed, body.at.atMobiles], [true, ['138']])
  })

  it('refuses what overflows, or tells what is left', async () => {
    const dropping = new Webhook({ url: await robot(), overflow: 'drop' })
    for (let sent = 0; sent < 20; sent++) await dropping.send(text('x'))
    await assert.rejects(dropping.send(text('x')), ThrottledError)

    const waiting = new Webhook({ url: await robot() })
    for (let sent = 0; sent < 20; sent++) await waiting.send(text('x'))
    const controller = new AbortController()
    const call = waiting.send(text('x'), { signal: controller.signal })
    assert.deepEqual(await waiting.flush(100), { left: 1 })
    controller.abort('enough')
    await assert.rejects(call, { kind: 'cancelled', cause: 'enough' })
  })

  it('takes several robots in turn', async () => {
    const webhook = new Webhook({ url: [await robot(), await robot()], overflow: 'rotate' })
    await Promise.all(Array.from({ length: 21 }, () => webhook.send(text('x'))))
  })

  it('is refused where it can not work, and shows no address', async () => {
    const url = 'https://h/robot/send?access_token=planted'
    const wrongs = [
      [/url is empty/, {}],
      [/address/, { url: 'planted' }],
      [/no option/, { url, colour: 1 }],
      [/overflow takes one of/, { url, overflow: 'planted' }]
    ]
    for (const [told, wrong] of wrongs) {
      assert.throws(
        () => new Webhook({ secret: 'planted-secret', ...wrong }),
        (error) => {
          assert.ok(error instanceof ConfigError)
          assert.match(error.message, told)
          assert.doesNotMatch(inspect(error, { showHidden: true }), /planted/)
          return true
        }
      )
    }
    assert.throws(() => new Webhook(), ArgumentError)
    assert.throws(() => new Webhook({ url, logger: {} }), ArgumentError)
    assert.throws(() => new Webhook({ url }).flush('soon'), ArgumentError)
    await assert.rejects(new Webhook({ url }).send('x'), ArgumentError)
  })

  it('tells no secret to its logger, in errors or when it is shown', async () => {
    const lines = []
    let heard
    const forgotten = new Promise((resolve) => {
      heard = resolve
    })
    const log = (line) => {
      lines.push(line)
      if (line.includes('nobody looked at the error of webhook')) heard()
    }
    const logger = { error: log, warn: log, info: log, debug: log }
    const url = await robot({ secret: 'SEC1' })
    const webhook = new Webhook({ url, secret: 'planted-secret', logLevel: 'trace', logger })
    await assert.rejects(webhook.send(text('planted-text')), (error) => {
      lines.push(inspect(error, { showHidden: true }))
      return error instanceof ForbiddenError && error.platformCode === '310000'
    })
    webhook.send(text('planted-text'))
    await forgotten
    lines.push(inspect(webhook, { showHidden: true, depth: 9 }), JSON.stringify(webhook))
    assert.doesNotMatch(lines.join('\n'), /planted/)
  })

  it('holds the process while a call is under way, and no longer', async () => {
    const path = fileURLToPath(new URL('programs/alert.mjs', import.meta.url))
    const env = { ...process.env, DINGTALK_WEBHOOK: await robot({ secret: 'SEC1' }), DINGTALK_WEBHOOK_SECRET: 'SEC1' }
    const { status, stdout, stderr } = spawnSync(process.execPath, [path], { env, encoding: 'utf8', timeout: 20_000 })
    assert.deepEqual([status, stdout, stderr], [0, '', ''])
    await simulator.records({ kind: 'robot' })
  })
})
