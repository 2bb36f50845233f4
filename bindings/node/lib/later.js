'use strict'

/** Returned from a handler: not now. */
exports.Later = class Later {
  constructor(reason = 'later') {
    this.reason = String(reason)
  }
}
