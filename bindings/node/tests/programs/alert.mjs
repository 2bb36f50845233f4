// Sends, waits for nothing, and ends once it is sent.

import { text, Webhook } from 'dingstream'

const { DINGTALK_WEBHOOK: url, DINGTALK_WEBHOOK_SECRET: secret } = process.env
new Webhook({ url, secret }).send(text('disk full'))
