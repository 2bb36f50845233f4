/** The parts of a response, where they differ from the usual. */
export interface GraphResponseOptions {
  /** @default 200 */
  status?: number
  /** @default application/json */
  contentType?: string
  headers?: Record<string, string>
}

/** What answers a request of an AI assistant or plugin. */
export interface GraphResponse {
  statusLine: { code: number; reasonPhrase: string }
  headers: Record<string, string>
  body: string
}

/** What a graph handler returns: an HTTP response. A text goes as it is, any other body as JSON. */
export function graphResponse(body?: unknown, options?: GraphResponseOptions): GraphResponse
