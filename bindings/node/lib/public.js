'use strict'

exports.Client = require('./client.js').Client
exports.Delivery = require('./delivery.js').Delivery
exports.DingStreamError = require('./error.js').DingStreamError
exports.graphResponse = require('./graph.js').graphResponse
exports.Later = require('./later.js').Later
exports.Message = require('./message.js').Message
exports.Webhook = require('./webhook.js').Webhook
