// Twenty clients under run() at once: Node warns of a leak where each listens to the signals itself.

import { Client } from 'dingstream'

let open = 0
const runs = Array.from({ length: 20 }, () =>
  new Client({ clientId: 'ding-demo', clientSecret: 'demo-secret' })
    .onMessage(() => {})
    .onState(({ state }) => {
      if (state === 'open' && ++open === 20) process.kill(process.pid, 'SIGINT')
    })
    .run()
)
await Promise.all(runs)
