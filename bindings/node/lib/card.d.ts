/** A button of a public template: it opens a link, or its click comes as a card action with this id. */
export type CardButton = { text: string; color?: string } & ({ url: string } | { id: string })

/** How a card is delivered to a space. Any other field goes along as DingTalk spells it. */
export interface SpaceFields {
  /** Who is mentioned there: shown names by user id. `@ALL` for both mentions everybody. */
  at?: Record<string, string>
  /** Only these users see it there. */
  recipients?: readonly string[]
  [field: string]: unknown
}

/** Where a card appears: a kind of space, an id, and how it is delivered there. */
export interface Space extends SpaceFields {
  type: string
  id: string
}

/** Makes spaces. */
export const Space: {
  /** A group, by its `openConversationId`. */
  readonly group: (conversation: string, fields?: SpaceFields) => Space
  /** The conversation of one user with the robot, by the user id (staff id). */
  readonly robot: (user: string, fields?: SpaceFields) => Space
  /** A conversation of two people that a cool-app's robot takes part in, by its `openConversationId`. */
  readonly single: (conversation: string, fields?: SpaceFields) => Space
  /** The top of a group, until a moment: a date, or milliseconds since 1970. */
  readonly top: (conversation: string, until: number | Date, fields?: SpaceFields) => Space
  /** Any other kind of space, as DingTalk spells it; what it needs beside the id goes into the card's own fields. */
  readonly other: (type: string, id: string, fields?: SpaceFields) => Space
}

/** What a card of a public template has as well. Any other field goes to DingTalk as it spells it. */
export interface CardFields {
  /** The id that it is updated by and that its actions name; no other card may have had it. One is made by default. */
  trackId?: string
  /** Where it appears. */
  spaces?: readonly Space[]
  /** What single users see in place of `data`, by user id. */
  privateData?: Record<string, Record<string, unknown>>
  /** What the conversation list shows: a text, or texts by language such as `ZH_CN`. */
  lastMessage?: string | Record<string, string>
  /** What a notification says; false for none. */
  notification?: string | false
  /** How it is found: an icon (a media id), the name of its kind, and a description of at most 200 characters. */
  search?: { icon: string; kind: string; description: string }
  /**
   * Whether people may forward it.
   * @default true
   */
  forwardable?: boolean
  /** Its actions go to the HTTP address that was registered for this route, and not over Stream. */
  callbackRoute?: string
  [field: string]: unknown
}

/** A card to create: a template, values for its variables, and the spaces where it appears. */
export class Card {
  /**
   * A card of a template, by its id from the card platform. Values are of any type: DingTalk takes texts alone, so everything
   * else becomes its JSON. Throws an `ArgumentError` for a field of another type.
   */
  constructor(template: string, fields?: CardFields & { data?: Record<string, unknown> })
  /** A card of a public template: markdown with a title. `logo` is a media id, as for the others. */
  static markdown(data: { title?: string; markdown?: string; logo?: string }, fields?: CardFields): Card
  /** A card of a public template: markdown with buttons that open links. */
  static markdownButtons(
    data: { title?: string; markdown?: string; logo?: string; tips?: string; buttons?: readonly CardButton[] },
    fields?: CardFields
  ): Card
  /** A card of a public template: what an AI has written, with buttons. */
  static aiMarkdown(
    data: { title?: string; markdown?: string; logo?: string; buttons?: readonly CardButton[] },
    fields?: CardFields
  ): Card
  /** A card of a public template: pictures with titles (media ids), one of which is chosen by the button below them. */
  static carousel(
    data: {
      title?: string
      markdown?: string
      logo?: string
      slides: readonly { title?: string; image: string }[]
      button?: string
    },
    fields?: CardFields
  ): Card
  /** Its `outTrackId`. */
  readonly trackId: string
}

/** What changes on a card that exists. Any other field goes to DingTalk as it spells it. */
export interface CardChange {
  /** New values, of any type. */
  data?: Record<string, unknown>
  /** New values as single users see them, by user id. */
  privateData?: Record<string, Record<string, unknown>>
  /**
   * Whether what is not named is emptied; else it stays.
   * @default false
   */
  whole?: boolean
  [field: string]: unknown
}

/** What became of a card in one space. */
export interface DeliverResult {
  spaceType: string
  spaceId: string
  success: boolean
  /** Where it got there: a `processQueryKey` to recall it by. */
  carrierId?: string
  /** Where it did not. */
  errorMsg?: string
}

/** What sending or delivering a card brought, for each of its spaces. */
export interface CardSendResult {
  outTrackId: string
  deliverResults: DeliverResult[]
}

/** What sending an ordinary card brought. */
export interface StandardCardResult {
  cardBizId: string
  processQueryKey: string
}
