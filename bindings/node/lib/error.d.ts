import { ErrorKind } from './generated/errors.js'

/** What every error of this library is. Its message says what happened and what to do about it. */
export class DingStreamError extends Error {
  protected constructor()
  /** What kind of failure it is. */
  readonly kind: ErrorKind
  /** What to do about it; empty where nothing is known. */
  readonly hint: string
  /** Where it happened: `open`, `connect`, `call:reply` …; empty for a plain misuse. */
  readonly stage: string
  /** The HTTP status, or 0 where none was received. */
  readonly httpStatus: number
  /** The platform's own code, such as `authFailed` or `310000`; empty where it gave none. */
  readonly platformCode: string
  /** The platform's id of the request, which its support asks for; empty where it gave none. */
  readonly requestId: string
  /** Whether the same call may succeed later without a change. */
  readonly retryable: boolean
  /** The permissions that the application lacks, where DingTalk named them. */
  readonly requiredScopes: readonly string[]
  /** What DingTalk's support asks for, one line a fact: time, client id, request and its id. It holds no secret. */
  readonly supportText: string
}
