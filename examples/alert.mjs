// Tells a group what is wrong, through its custom robot: what comes too fast goes out as one message.

import { text, Webhook } from 'dingstream'

const robot = new Webhook({
  url: process.env.DINGTALK_WEBHOOK,
  secret: process.env.DINGTALK_WEBHOOK_SECRET,
  overflow: 'digest'
})

for (const host of ['db-1', 'db-2', 'db-3']) robot.send(text(`disk full on ${host}`))

const { left } = await robot.flush(60_000)
if (left > 0) throw new Error(`${left} alerts could not be sent in time`)
