'use strict'

const hub = require('./hub.js')

/**
 * When a client runs: while a start or stop is under way, and while the last state that it told is not the end of a
 * run. A running client holds the process, unless it was told not to.
 */
exports.Life = class Life {
  #callsUnderWay = 0
  #state = 'idle'
  #refed = true
  #ran = false
  #holds = false
  #waiting = []
  #onEnd

  constructor(onEnd) {
    this.#onEnd = onEnd
  }

  get isRunning() {
    return this.#callsUnderWay > 0 || (this.#state !== 'idle' && this.#state !== 'stopped')
  }

  /** Kept when the client does not run. */
  ended() {
    return this.isRunning ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve()
  }

  ref(refed) {
    this.#refed = refed
    this.#update()
  }

  enter() {
    this.#callsUnderWay++
    this.#update()
  }

  leave() {
    this.#callsUnderWay--
    this.#update()
  }

  told(state) {
    this.#state = state
    this.#update()
  }

  #update() {
    const running = this.isRunning
    const holds = running && this.#refed
    if (holds !== this.#holds) {
      this.#holds = holds
      if (holds) hub.hold()
      else hub.release()
    }
    const ended = this.#ran && !running
    this.#ran = running
    if (!ended) return
    this.#onEnd()
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}
