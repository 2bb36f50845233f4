import { Kind, Via } from './generated/kinds.js'
import { Message } from './message.js'
import { CardSession, CardSessionOptions } from './session.js'

/** What a reply brought. */
export interface ReplyResult {
  /** The way that it took: `session` is the session webhook that came with the message. */
  via: Exclude<Via, 'auto'>
  /** Where it took OpenAPI: what `readStatus` and `recall` know it by. */
  processQueryKeys?: string[]
  /** What the way that it took does not show: `mentions`. */
  lost?: string[]
}

/**
 * One thing handed to the application. It owes one settling, which the return of its handler brings about. Its text
 * stays readable, and it can be replied to, for as long as it is kept. Kept for long, it keeps the memory of what came
 * together with it as well, some 32 KiB: copy what you need instead.
 */
export class Delivery {
  protected constructor()
  /** What it is. */
  readonly kind: Kind
  /** The topic that DingTalk sent it under; of a state, the state's name. */
  readonly topic: string
  /** The id of this push. DingTalk may push the same thing again under another id. */
  readonly id: string
  /** The payload: the JSON text that DingTalk sent. */
  readonly data: string
  /** The headers of the frame. */
  readonly headers: Record<string, any>
  /** Whether it was settled. */
  readonly settled: boolean
  /** The payload's value; undefined where it is no JSON. */
  json(): any
  /**
   * Settles it before the handler returns: done. `response`, any JSON value, is what a card, graph or other delivery
   * answers with; messages and events carry none. Settled again it throws an `AnsweredError`, and after
   * `handlerDeadlineMs` an `ExpiredError`, as the others do. A response to a card action after `answerWithinCardMs`
   * is an `ExpiredError` too: update the card instead.
   */
  ok(response?: unknown): void
  /** Settles it: not now. An event comes again. The reason goes to DingTalk. */
  later(reason?: string): void
  /** Settles it: it did not work. The reason goes to DingTalk, so it must hold no secret. */
  fail(reason?: string): void
  /** In a loop over deliveries: asking for the next one no longer settles this one; the application does it. */
  take(): this
  /**
   * Sends a message back to where this bot message, or an assistant's request, came from: by its session webhook while that lives and can carry the
   * message, else by OpenAPI; or by a way of your choice. It starts at once; a failure that nobody looks at is logged.
   */
  reply(message: Message, options?: { via?: Via; signal?: AbortSignal }): Promise<ReplyResult>
  /**
   * Opens a session that types into an AI card where this bot message came from, at once. `text` stands there until there is
   * more. Throws a `ConfigError` for options that can't work, and an `ArgumentError` for what is no bot message; what DingTalk says
   * comes with the end. A session that has not ended fails where the handler of the message throws or returns `Later`.
   */
  card(text?: string, options?: CardSessionOptions): CardSession
}
