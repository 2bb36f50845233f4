import { Card, CardChange, CardSendResult, Space, StandardCardResult } from './card.js'
import { Delivery } from './delivery.js'
import { Host, Kind, LogLevel, MediaType, Remind, State } from './generated/kinds.js'
import { ClientOptions } from './generated/options.js'
import { Stats } from './generated/stats.js'
import { BotMessage, CardAction, DeliveryOfKind, Event, GraphRequest, StateChange } from './generated/views.js'
import { Message } from './message.js'
import { CardSession, CardSessionOptions } from './session.js'

/** A record of the log: of the library, or of a handler that failed. It holds no secret and no message's text. */
export interface LogRecord {
  level: LogLevel
  /** Which part it comes from: `stream`, `delivery`, `call`, `handler` … */
  target: string
  message: string
  /** What a handler threw, or how a call that nobody looked at failed. */
  error?: unknown
}

/** Where the log goes: `console`, or a logger of the same shape, such as one of pino or winston. */
export interface Logger {
  error(message: string): void
  warn(message: string): void
  info(message: string): void
  debug(message: string): void
}

/** The options of a client, and its logger. */
export interface ClientConfig extends ClientOptions {
  /**
   * Takes each record as one text.
   * @default console
   */
  logger?: Logger
}

/** What ends a call before its time, with a `CancelledError`. */
export interface Cancellable {
  signal?: AbortSignal
}

/** Who gets a message: users by their staff ids, a group or conversation by its `openConversationId`. */
export type Target =
  | { users: readonly string[] }
  | { group: string }
  /** Between two people, where the robot of this cool-app takes part. */
  | { conversation: string; coolApp: string }

/** What sending brought. The lists are there where it was to users: who did not get it, and why. */
export interface SendResult {
  processQueryKeys: string[]
  invalidStaffIdList?: string[]
  flowControlledStaffIdList?: string[]
  failed?: { userIds: string[]; error: Record<string, any> }[]
  /** What OpenAPI does not show: `mentions`. */
  lost?: string[]
}

/** What became of each `processQueryKey`. */
export interface RecallResult {
  successResult: string[]
  /** The reasons, by key. */
  failedResult: Record<string, string>
}

/** How a DING reaches people; in DingTalk by default. */
export interface DingOptions extends Cancellable {
  /** @default app */
  remind?: Remind
}

/** The parts of a request, where it has them. */
export interface RequestOptions extends Cancellable {
  query?: Record<string, string | number | boolean>
  /** Any JSON value. */
  body?: unknown
  /** @default api */
  host?: Host
  /** An organisation, where the application is an ISV's. */
  corp?: string
}

/** What messages name an uploaded file by. */
export interface UploadResult {
  mediaId: string
  type: MediaType
}

/** How a file is downloaded. */
export interface DownloadOptions extends Cancellable {
  /** The message's own `robotCode`, where several robots share this client. */
  robotCode?: string
}

/** A file in memory. */
export interface DownloadedFile {
  /** Its name, with the ending that its bytes call for. */
  name: string
  /** What its host says that it is. */
  contentType: string
  data: Buffer
}

/** A file at its place, where it is once it is whole. */
export interface DownloadResult {
  name: string
  contentType: string
  /** How many there are. */
  bytes: number
  path: string
}

/**
 * A handler. What it returns or resolves to settles the delivery: `Later` means not now; else a card's or another
 * topic's value is the response, and a message's or event's is of no interest. What it throws is logged, and the
 * delivery has failed.
 */
export type Handler<T> = (delivery: T) => unknown

/** The class of what was asked for by kind, or by topic. */
export type DeliveryOf<What extends Kind | `/${string}`> = What extends Kind ? DeliveryOfKind[What] : Delivery

/**
 * One DingTalk application: its Stream connections, and its way to reply and send. It belongs to the JavaScript thread that made
 * it: handlers run there. The connections are kept on a thread of the library.
 */
export class Client {
  /** Connects nothing yet. Throws a `ConfigError` for options that can't work, an `ArgumentError` for what is no logger. */
  constructor(options: ClientConfig)

  /** What it is doing. */
  readonly state: State
  /** What it has counted since it was made, and what it holds now. Quick, and legal at any moment. */
  stats(): Stats
  /** The same as the text that Prometheus scrapes, each number labelled with the client id. */
  metrics(): string
  /** Whether it runs or has run: then it takes no more handlers. */
  readonly isStarted: boolean

  /**
   * Handles bot messages. By default those of one conversation are handled one after the other, and those of several
   * overlap: the option `ordering`. After the start it throws a `ConfigError`, as the others do.
   */
  onMessage(handler: Handler<BotMessage>): this
  /**
   * Handles card actions; the value returned is the response that updates the card: `CardResponse`, or `DynamicData` where
   * `actionType` is `dynamicDataCallback`. DingTalk waits 2 s: after `answerWithinCardMs` it gets an empty response, and a value that comes then is lost, which is logged.
   */
  onCard(handler: Handler<CardAction>): this
  /** Handles requests of AI assistants and plugins; the value returned is the response: `graphResponse`. */
  onGraph(handler: Handler<GraphRequest>): this
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
   * Starts, and returns once the first connection is open. A refusal, such as of a wrong secret, rejects with an
   * `AuthError` and the like and stops the client; a dead network is tried again. Aborted before that, the client is
   * stopped, and it rejects with a `CancelledError`. Started twice is started once; a stopped client can be started
   * again.
   */
  start(options?: { signal?: AbortSignal }): Promise<void>
  /**
   * Stops, at any moment and from anywhere: handlers may finish until the deadline, in milliseconds; without one, the
   * option `stopDeadlineMs` counts. A handler that waits for it waits until that deadline.
   */
  stop(deadlineMs?: number, options?: { signal?: AbortSignal }): Promise<void>
  /** Starts, and returns once the client has stopped: after SIGINT, SIGTERM or `stop`, or with a refusal of the start. */
  run(): Promise<void>

  /**
   * Sends a message by OpenAPI, to users, a group or a conversation. Users go out in batches of twenty, and it rejects
   * only where nobody got anything. It needs no connection, and so no start, as the others that follow.
   */
  send(message: Message, target: Target & Cancellable): Promise<SendResult>
  /** Who has read what was sent under this `processQueryKey`, within 24 hours; without a target: to users. */
  readStatus(key: string, target?: Target, options?: Cancellable): Promise<Record<string, any>>
  /** Takes back what was sent under these `processQueryKeys`, within 24 hours; without a target: from users. */
  recall(keys: readonly string[], target?: Target, options?: Cancellable): Promise<RecallResult>
  /** Dings users. */
  ding(users: readonly string[], text: string, options?: DingOptions): Promise<Record<string, any>>
  /**
   * Calls any other API, and resolves with the answer's JSON. The token goes where the host wants it; an answer that
   * says that it failed rejects, whatever its status.
   * @param path Begins with one slash, and holds no query.
   */
  request(method: string, path: string, options?: RequestOptions): Promise<any>
  /**
   * Uploads a picture, a voice, a video or a file: a path, or bytes with a name, which must not change until it is over. Size
   * and ending are checked before anything is sent. Messages name it by the `mediaId` that it resolves with.
   */
  upload(kind: MediaType, path: string, options?: Cancellable): Promise<UploadResult>
  upload(kind: MediaType, bytes: Uint8Array, options: { name: string } & Cancellable): Promise<UploadResult>
  /**
   * Downloads a file that came with a message, by one of its `downloadCodes`: into memory, or `to` a path, a file or a folder.
   * A code that is no longer valid rejects with an `ExpiredError`, a file above `downloadBytes` with a `TooLargeError`.
   */
  download(code: string, options?: DownloadOptions): Promise<DownloadedFile>
  download(code: string, options: DownloadOptions & { to: string }): Promise<DownloadResult>

  /**
   * Opens a session that types into an AI card in a space, at once. `text` stands there until there is more. Throws a
   * `ConfigError` for options that can't work; what DingTalk says comes with the end.
   */
  card(space: Space, text?: string, options?: CardSessionOptions): CardSession
  /**
   * Creates a card and delivers it to its spaces. It rejects only where no space got it: `deliverResults` tells of each. Its
   * clicks come to `onCard`, unless it has a callback route.
   */
  cardSend(card: Card, options?: Cancellable): Promise<CardSendResult>
  /** Creates a card that appears nowhere yet, owning its spaces. */
  cardCreate(card: Card, options?: Cancellable): Promise<{ outTrackId: string }>
  /** Delivers a card that exists, by its `trackId`, to spaces that it owns. */
  cardDeliver(card: Card, options?: Cancellable): Promise<CardSendResult>
  /** Gives a card that exists, by its `trackId`, further spaces to be delivered to. */
  cardAddSpaces(card: Card, options?: Cancellable): Promise<Record<string, any>>
  /** Changes what a card shows, to everybody or to single users. */
  cardUpdate(trackId: string, change: CardChange & Cancellable): Promise<Record<string, any>>
  /** Takes a card from the top of a group. */
  cardCloseTop(trackId: string, conversation: string, options?: Cancellable): Promise<Record<string, any>>
  /**
   * Registers the HTTP address that the actions of cards with this callback route go to; cards over Stream need none.
   * @param options.secret Signs what DingTalk sends there; without one, DingTalk chooses.
   * @param options.force Replaces what was registered.
   */
  cardRegisterCallback(
    route: string,
    url: string,
    options?: { secret?: string; force?: boolean } & Cancellable
  ): Promise<Record<string, any>>
  /**
   * Sends an ordinary card (`StandardCard`), which DingTalk keeps for applications that have it already: to one group or one
   * user, under an id of yours that it is updated by. Its clicks don't come over Stream.
   */
  standardCardSend(
    target: Target,
    bizId: string,
    card: Record<string, unknown>,
    options?: Cancellable
  ): Promise<StandardCardResult>
  /** Replaces what an ordinary card shows. */
  standardCardUpdate(bizId: string, card: Record<string, unknown>, options?: Cancellable): Promise<Record<string, any>>
  /** Hands over the `suite_ticket` that an ISV's token needs: DingTalk sends it as an event every five hours. */
  setSuiteTicket(ticket: string): void

  /** Lets the process end while the client runs. */
  unref(): this
  /** Holds the process while the client runs, which is the default. */
  ref(): this

  /** Stops. */
  [Symbol.asyncDispose](): Promise<void>
}
