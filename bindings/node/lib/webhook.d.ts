import { Cancellable, Logger } from './client.js'
import { WebhookOptions } from './generated/options.js'
import { Message } from './message.js'

/** The options of a webhook, and its logger. */
export interface WebhookConfig extends WebhookOptions {
  /**
   * Takes each record as one text.
   * @default console
   */
  logger?: Logger
}

/** What sending by a webhook brought. */
export interface WebhookResult {
  /** How many messages it took. */
  sent?: number
  /** With how many others it went out, as one. */
  digest?: number
}

/**
 * The sender for a group's custom robot (自定义机器人), which needs no client and no connection. The limit of twenty messages
 * a minute belongs to the robot, so all webhooks of a process with its address share it. It holds the process only while
 * a call is under way.
 */
export class Webhook {
  /** Throws a `ConfigError` for options that can't work. */
  constructor(options: WebhookConfig)
  /** Sends a message. It starts at once; a failure that nobody looks at is logged. */
  send(message: Message, options?: Cancellable): Promise<WebhookResult>
  /** Waits until everything is sent, at most so many milliseconds; `left` is what still waits then. */
  flush(deadlineMs: number, options?: Cancellable): Promise<{ left: number }>
}
