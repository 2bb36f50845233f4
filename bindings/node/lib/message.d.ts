/** A message to send, made by a function such as `text` or `markdown`. */
export class Message {
  private constructor()
  /** The name of its type. */
  readonly type: string
}

/** Who a message mentions. */
export interface Mentions {
  /** The members with these mobile numbers. */
  atMobiles?: string[]
  /** The members with these user ids (staff ids). */
  atUserIds?: string[]
  /** Everybody. */
  atAll?: boolean
}
