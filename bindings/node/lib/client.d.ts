import { Delivery } from './delivery.js'
import { Kind, LogLevel, State } from './generated/kinds.js'
import { ClientOptions } from './generated/options.js'
import { BotMessage, CardAction, DeliveryOfKind, Event, StateChange } from './generated/views.js'

/** A record of the log: of the library, or of a handler that failed. */
export interface LogRecord {
  level: LogLevel
  /** Which part it comes from: `stream`, `delivery`, `call`, `handler` … */
  target: string
  message: string
  /** What a handler threw, or how a call that nobody looked at failed. */
  error?: unknown
}

/** Where the log goes: `console`, or a logger of the same shape. */
export interface Logger {
  error(message: string): void
  warn(message: string): void
  info(message: string): void
  debug(message: string): void
}

/** The options of a client, and its logger. */
export interface ClientConfig extends ClientOptions {
  /** @default console */
  logger?: Logger
}

/**
 * A handler. What it returns or resolves to settles the delivery: `Later` means not now; else a card's or another
 * topic's value is the response, and a message's or event's is of no interest. What it throws is logged, and the
 * delivery has failed.
 */
export type Handler<T> = (delivery: T) => unknown

/** The class of what was asked for by kind, or by topic. */
export type DeliveryOf<What extends Kind | `/${string}`> = What extends Kind ? DeliveryOfKind[What] : Delivery

/** One DingTalk application: its Stream connection, and its way to reply. */
export class Client {
  constructor(options: ClientConfig)

  /** What it is doing. */
  readonly state: State
  /** Whether it runs or has run: then it takes no more handlers. */
  readonly isStarted: boolean

  /** Handles bot messages. Handlers of different deliveries overlap: none waits for another. */
  onMessage(handler: Handler<BotMessage>): this
  /** Handles card actions; the value returned is the response that updates the card. */
  onCard(handler: Handler<CardAction>): this
  /** Handles the events that no handler for their type handles. */
  onEvent(handler: Handler<Event>): this
  /** Handles events of these types, such as `user_add_org`. */
  onEvent(...typesAndHandler: [string, ...string[], Handler<Event>]): this
  /** Handles one callback topic; the value returned is the response. */
  on(topic: string, handler: Handler<Delivery>): this
  /** Hears of changes of the connection. */
  onState(handler: Handler<StateChange>): this
  /** Takes the log in place of the console or logger. */
  onLog(handler: (record: LogRecord) => void): this

  /**
   * Deliveries of these kinds, or of topics, one after the other: for `for await`, in place of handlers. Asking for the
   * next one settles the one before as `ok`, unless it was taken; leaving the loop settles it as `later`. The client
   * is started with the first one, unless it was started before; the loop ends when it has stopped.
   */
  deliveries<What extends Kind | `/${string}`>(...wanted: [What, ...What[]]): AsyncIterableIterator<DeliveryOf<What>>

  /**
   * Starts, and returns once the connection is open. A refusal, such as of a wrong secret, rejects and stops the
   * client; a dead network is tried again. Aborted before that, the client is stopped.
   */
  start(options?: { signal?: AbortSignal }): Promise<void>
  /** Stops: handlers may finish until the deadline, in milliseconds; without one, the option `stopDeadlineMs` counts. */
  stop(deadlineMs?: number, options?: { signal?: AbortSignal }): Promise<void>
  /** Starts, and returns once the client has stopped: after SIGINT, SIGTERM or `stop`, or with a refusal of the start. */
  run(): Promise<void>

  /** Lets the process end while the client runs. */
  unref(): this
  /** Holds the process while the client runs, which is the default. */
  ref(): this

  /** Stops. */
  [Symbol.asyncDispose](): Promise<void>
}
