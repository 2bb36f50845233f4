import { Cancellable } from './client.js'
import { CardOptions } from './generated/options.js'

/** The options of a card session, beside its first text. */
export type CardSessionOptions = Omit<CardOptions, 'text'>

/** What became of the text of a session. */
export interface CardResult {
  /** `card`, or the way that a message took in its place where cards are refused. */
  via: 'card' | 'session' | 'openapi'
  state: 'finished' | 'failed'
  /** Of the first card; null where there was none. */
  outTrackId: string | null
  /** Of all that it took: a long text goes on in a further card. */
  outTrackIds: string[]
  /** How many calls it took, of the month's quota. */
  calls: number
  /** Where cards are refused: why, with `kind`, `message`, `hint` and what else is known. */
  degraded?: Record<string, any>
}

/**
 * What types into an AI card. It is opened at once and takes text at once; the card follows, at a pace that keeps DingTalk's
 * limits, and always with the latest text. It ends once: by `finish` or `fail`, and else as failed, with its fallback text, when
 * the handler of its message throws, when its client stops, or when it is garbage-collected.
 */
export class CardSession {
  private constructor()
  /**
   * Adds text behind what was said before; the first replaces the text that the session was opened with. Once it has ended it
   * throws an `AnsweredError`, and beyond 4 MiB a `TooLargeError`, as the others do.
   */
  push(text: string): void
  /** Replaces what was said before. */
  set(text: string): void
  /**
   * A button that the card ends with: it opens a link, or its click comes as a card action with this id. Of the public template
   * alone; others have theirs in the template.
   */
  button(text: string, does: ({ url: string } | { id: string }) & { color?: string }): void
  /** A value, of any type, that the card ends with: of another variable of its template. */
  value(name: string, value: unknown): void
  /**
   * Ends it with the text that was said, and resolves once the card shows it all. Where cards are refused, the text goes out as a
   * message. Where it has ended before, it rejects with an `AnsweredError`. Aborting only ends the waiting.
   */
  finish(options?: Cancellable): Promise<CardResult>
  /** Ends it as failed, with this text in place of what was said; without one, with the fallback. Else as `finish`. */
  fail(text?: string, options?: Cancellable): Promise<CardResult>
  /**
   * Finishes it, unless it has ended. An exception that leaves the scope of an `await using` can't be told from its end: where
   * it is to fail the card, call `finish` as the last thing, and none of it is needed.
   */
  [Symbol.asyncDispose](): Promise<void>
}
