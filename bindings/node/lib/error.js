'use strict'

/** What every error of this library is. */
class DingStreamError extends Error {
  constructor(told) {
    super(told.hint ? `${told.message}: ${told.hint}` : told.message)
    for (const [name, theirs] of Object.entries(DETAILS)) {
      if (told[theirs]) this[name] = told[theirs]
    }
    // For support, and no part of what a printed error shows.
    Object.defineProperty(this, 'supportText', { value: told.support_text ?? '' })
  }

  get name() {
    return this.constructor.name
  }

  get kind() {
    return this.constructor.kind
  }
}

/** What may be known of an error, and how the core calls it. */
const DETAILS = {
  hint: 'hint',
  stage: 'stage',
  httpStatus: 'http_status',
  platformCode: 'platform_code',
  requestId: 'request_id',
  retryable: 'retryable',
  requiredScopes: 'required_scopes'
}

// What is not known stands here, so that a printed error shows what is.
Object.assign(DingStreamError.prototype, {
  hint: '',
  stage: '',
  httpStatus: 0,
  platformCode: '',
  requestId: '',
  retryable: false,
  requiredScopes: Object.freeze([])
})

exports.DingStreamError = DingStreamError
