// A bot in a worker thread that is ended from outside in the middle of a flood.

import { once } from 'node:events'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { Client } from 'dingstream'

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url))
  await once(worker, 'message')
  process.stdout.write('open\n')
  await once(worker, 'message')
  await worker.terminate()
  process.exitCode = 5
} else {
  const client = new Client({
    clientId: 'ding-demo',
    clientSecret: 'demo-secret',
    answerMessage: 'on_completion',
    // Or one conversation would fill its share of the inbox.
    ordering: 'none'
  })
  let handled = 0
  client.onMessage(() => {
    if (++handled === 200) parentPort.postMessage('busy')
  })
  await client.start()
  parentPort.postMessage('open')
}
