/** Returned from a handler: not now. An event comes again; everything else is answered as failed. */
export class Later {
  /** @param reason Why, told to DingTalk: it must hold no secret. */
  constructor(reason?: string)
  readonly reason: string
}
