/**
 * What a card handler returns, or gives to `ok`: what a click changes for the one who clicked. Values are of any type; those that
 * it does not name stay. What everybody is to see goes through `client.cardUpdate`.
 */
export class CardResponse {
  /**
   * @param data New values of the card's variables.
   * @param privateData New values of its private variables.
   */
  constructor(data?: Record<string, unknown>, privateData?: Record<string, unknown>)
}

/** What answers a request for dynamic data, the same way. */
export class DynamicData {
  /** @param values A text, a list or an object for each of the action's `dynamicDataSourceIds`. */
  constructor(values?: Record<string, unknown>)
}
