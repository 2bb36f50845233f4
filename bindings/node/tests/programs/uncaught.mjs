// A program that looks at no error, with secrets that come from outside: `uncaught.mjs options|start|promise`.

import { Client } from 'dingstream'

const { SECRET: clientSecret, PROXY: proxy } = process.env
if (process.argv[2] === 'options') new Client({ clientId: 'ding-demo', clientSecret, proxy: `${proxy}x` })
const client = new Client({ clientId: 'ding-demo', clientSecret, logLevel: 'trace' }).onMessage(() => {})
if (process.argv[2] === 'promise') (async () => await client.start())()
else await client.start()
