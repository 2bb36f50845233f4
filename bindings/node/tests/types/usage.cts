// The same package for those who require it.

import dingstream = require('dingstream')

const client: dingstream.Client = new dingstream.Client({ clientId: 'id', clientSecret: 'secret' })
client.onMessage((message) => message.reply(dingstream.text('x')))
