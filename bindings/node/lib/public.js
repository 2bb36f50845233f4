'use strict'

const { Card, Space } = require('./card.js')
const { CardResponse, DynamicData } = require('./response.js')

exports.Card = Card
exports.CardResponse = CardResponse
exports.CardSession = require('./session.js').CardSession
exports.Client = require('./client.js').Client
exports.Delivery = require('./delivery.js').Delivery
exports.DingStreamError = require('./error.js').DingStreamError
exports.DynamicData = DynamicData
exports.graphResponse = require('./graph.js').graphResponse
exports.Later = require('./later.js').Later
exports.Message = require('./message.js').Message
exports.Space = Space
exports.Webhook = require('./webhook.js').Webhook
