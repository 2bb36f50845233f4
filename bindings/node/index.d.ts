export {
  Card,
  CardButton,
  CardChange,
  CardFields,
  CardSendResult,
  DeliverResult,
  Space,
  SpaceFields,
  StandardCardResult
} from './lib/card.js'
export {
  Cancellable,
  Client,
  ClientConfig,
  DeliveryOf,
  DingOptions,
  DownloadedFile,
  DownloadOptions,
  DownloadResult,
  Handler,
  Logger,
  LogRecord,
  RecallResult,
  RequestOptions,
  SendResult,
  Target,
  UploadResult
} from './lib/client.js'
export { Delivery, ReplyResult } from './lib/delivery.js'
export { DingStreamError } from './lib/error.js'
export { GraphResponse, GraphResponseOptions, graphResponse } from './lib/graph.js'
export { Later } from './lib/later.js'
export * from './lib/markdown.js'
export { Mentions, Message } from './lib/message.js'
export { CardResponse, DynamicData } from './lib/response.js'
export { CardResult, CardSession, CardSessionOptions } from './lib/session.js'
export { Webhook, WebhookConfig, WebhookResult } from './lib/webhook.js'
export * from './lib/generated/errors.js'
export * from './lib/generated/kinds.js'
export * from './lib/generated/messages.js'
export * from './lib/generated/options.js'
export * from './lib/generated/stats.js'
export * from './lib/generated/topics.js'
export * from './lib/generated/views.js'
