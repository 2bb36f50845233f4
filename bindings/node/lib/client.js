'use strict'

const { inspect } = require('node:util')
const calls = require('./call.js')
const hub = require('./hub.js')
const native = require('./load.js')
const views = require('./generated/views.js')
const { Card, changeOf } = require('./card.js')
const { Deliveries } = require('./deliveries.js')
const { Delivery } = require('./delivery.js')
const { CancelledError, ClosedError, ConfigError } = require('./generated/errors.js')
const { KIND, KIND_NAMES } = require('./generated/kinds.js')
const { OPTIONS } = require('./generated/options.js')
const { STATS } = require('./generated/stats.js')
const { given } = require('./given.js')
const { Life } = require('./life.js')
const { Log, toLogger } = require('./log.js')
const media = require('./media.js')
const { Message } = require('./message.js')
const { optionsOf } = require('./options.js')
const { argument, check, errorOf } = require('./raise.js')
const { CardSession, sessionOptions } = require('./session.js')
const { handle } = require('./settle.js')
const signals = require('./signals.js')
const { toTarget } = require('./target.js')

const numbers = new Map(Object.entries(KIND_NAMES).map(([number, name]) => [name, Number(number)]))
/** The class of each kind of delivery, by its number. */
const classes = Object.fromEntries(Object.values(views).map((view) => [numbers.get(view.kind), view]))

class Client {
  #native
  #clientId
  #log = new Log()
  #source = hub.register(this, this.#log.tell)
  #byKind = {}
  #byType = new Map()
  /** By kind, then by topic: the topic of a message is looked at only where a handler asked for one. */
  #byTopic = {}
  #loops = new Set()
  #life = new Life(() => this.#end())

  constructor(options) {
    if (typeof options !== 'object' || options === null) {
      throw argument('a client takes its options as one object: new Client({ clientId, clientSecret })')
    }
    const { logger, ...rest } = options
    if (logger !== undefined) this.#log.sink = toLogger(logger)
    const made = native.createClient(hub.queue(), this.#source, optionsOf(OPTIONS, rest))
    if (typeof made === 'string') throw errorOf(made)
    this.#native = made
    this.#clientId = rest.clientId
  }

  get state() {
    return this.#native.state
  }

  get isStarted() {
    return this.#life.isRunning || this.state !== 'idle'
  }

  stats() {
    const told = JSON.parse(this.#native.stats())
    return Object.fromEntries(Object.entries(STATS).map(([name, theirs]) => [name, told[theirs]]))
  }

  metrics() {
    return this.#native.metrics()
  }

  onMessage(handler) {
    return this.#subscribe(KIND.MESSAGE, handler)
  }

  onCard(handler) {
    return this.#subscribe(KIND.CARD, handler)
  }

  onGraph(handler) {
    return this.#subscribe(KIND.GRAPH, handler)
  }

  onEvent(...typesAndHandler) {
    const handler = callable(typesAndHandler.pop())
    if (typesAndHandler.length === 0) return this.#subscribe(KIND.EVENT, handler)
    check(this.#native.subscribe(KIND.EVENT))
    for (const type of typesAndHandler) this.#byType.set(type, handler)
    return this
  }

  on(topic, handler) {
    callable(handler)
    if (typeof topic !== 'string') throw argument(`a topic is a text, and this is ${inspect(topic)}`)
    check(this.#native.subscribeTopic(topic))
    const kind = native.kindOfTopic(topic)
    this.#byTopic[kind] = (this.#byTopic[kind] ?? new Map()).set(topic, handler)
    return this
  }

  onState(handler) {
    return this.#subscribe(KIND.STATE, handler)
  }

  onLog(handler) {
    this.#log.sink = callable(handler)
    return this
  }

  deliveries(...wanted) {
    if (wanted.length === 0) throw argument('deliveries takes kinds such as message, or topics')
    const loop = new Deliveries(this)
    const handler = (delivery) => loop.handle(delivery)
    for (const what of wanted) {
      if (String(what).startsWith('/')) this.on(what, handler)
      else if (numbers.has(what)) this.#subscribe(numbers.get(what), handler)
      else throw argument(`there is no kind ${inspect(what)}: the kinds are ${[...numbers.keys()].join(', ')}`)
    }
    this.#loops.add(loop)
    return loop
  }

  send(message, { signal, ...target } = {}) {
    return this.#say('send', (tag) => native.send(this.#native, toTarget(target), Message.jsonOf(message), tag), signal)
  }

  readStatus(key, target, { signal } = {}) {
    return this.#say(
      'read_status',
      (tag) => native.readStatus(this.#native, toTarget(target), String(key), tag),
      signal
    )
  }

  recall(keys, target, { signal } = {}) {
    return this.#say(
      'recall',
      (tag) => native.recall(this.#native, toTarget(target), given('list of keys', keys), tag),
      signal
    )
  }

  ding(users, text, { remind = 'app', signal } = {}) {
    return this.#say(
      'ding',
      (tag) => native.ding(this.#native, given('list of users', users), String(remind), String(text), tag),
      signal
    )
  }

  request(method, path, { query = {}, body, host = 'api', corp, signal } = {}) {
    const begin = (tag) => {
      const pairs = Object.entries(query).map(([name, value]) => [name, String(value)])
      const more = given('request', { query: pairs, body, corp })
      return native.request(this.#native, String(host), String(method), String(path), more, tag)
    }
    return this.#say('request', begin, signal)
  }

  upload(kind, file, { name = '', signal } = {}) {
    return this.#say('upload', media.upload(this.#native, kind, file, name), signal)
  }

  download(code, { to, robotCode, signal } = {}) {
    const { begin, finish } = media.download(this.#native, code, robotCode, to)
    return this.#say('download', begin, signal, finish)
  }

  card(space, text, options) {
    const told = [given('space', space ?? null), sessionOptions(text, options)]
    return new CardSession(native.openCardIn(this.#native, ...told), this.#log.tell)
  }

  cardSend(card, { signal } = {}) {
    return this.#say('card_send', (tag) => native.cardSend(this.#native, Card.nativeOf(card), tag), signal)
  }

  cardCreate(card, { signal } = {}) {
    return this.#say('card_create', (tag) => native.cardCreate(this.#native, Card.nativeOf(card), tag), signal)
  }

  cardDeliver(card, { signal } = {}) {
    return this.#say('card_deliver', (tag) => native.cardDeliver(this.#native, Card.nativeOf(card), tag), signal)
  }

  cardAddSpaces(card, { signal } = {}) {
    return this.#say('card_add_spaces', (tag) => native.cardAddSpaces(this.#native, Card.nativeOf(card), tag), signal)
  }

  cardUpdate(trackId, { signal, ...change } = {}) {
    return this.#say('card_update', (tag) => native.cardUpdate(this.#native, changeOf(trackId, change), tag), signal)
  }

  cardCloseTop(trackId, conversation, { signal } = {}) {
    const [track, group] = [String(trackId), String(conversation)]
    return this.#say('card_close_top', (tag) => native.cardCloseTop(this.#native, track, group, tag), signal)
  }

  cardRegisterCallback(route, url, { secret = '', force = false, signal } = {}) {
    const told = [route, url, secret].map(String)
    const begin = (tag) => native.cardRegisterCallback(this.#native, ...told, Boolean(force), tag)
    return this.#say('card_register_callback', begin, signal)
  }

  standardCardSend(target, bizId, card, { signal } = {}) {
    const begin = (tag) =>
      native.standardCardSend(this.#native, toTarget(target), String(bizId), given('card', card ?? null), tag)
    return this.#say('standard_card_send', begin, signal)
  }

  standardCardUpdate(bizId, card, { signal } = {}) {
    const begin = (tag) => native.standardCardUpdate(this.#native, String(bizId), given('card', card ?? null), tag)
    return this.#say('standard_card_update', begin, signal)
  }

  setSuiteTicket(ticket) {
    if (typeof ticket !== 'string') throw argument('a suite ticket is a text')
    check(native.suiteTicket(this.#native, ticket))
  }

  start({ signal } = {}) {
    hub.attach(this.#source, (kind, bundle, place) => this.#deliver(kind, bundle, place))
    let begun = false
    const begin = (tag) => {
      begun = true
      return this.#native.start(tag)
    }
    return this.#call('start', begin, signal, (error) => {
      // Whoever no longer waits for the start does not want the client.
      if (begun && error instanceof CancelledError) this.stop(0)
    })
  }

  stop(deadlineMs = this.#native.stopDeadline, { signal } = {}) {
    if (!(deadlineMs >= 0)) throw argument('the deadline of a stop is a number of milliseconds')
    return this.#call('stop', (tag) => this.#native.stop(Number(deadlineMs), tag), signal)
  }

  async run() {
    const stop = () => this.stop()
    signals.add(stop)
    try {
      let refused
      try {
        await this.start()
      } catch (error) {
        // Being stopped before the first connection is no failure.
        if (!(error instanceof ClosedError)) refused = error
      }
      await this.#life.ended()
      if (refused !== undefined) throw refused
    } finally {
      signals.remove(stop)
    }
  }

  ref() {
    this.#life.ref(true)
    return this
  }

  unref() {
    this.#life.ref(false)
    return this
  }

  async [Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')]() {
    await this.stop()
  }

  [inspect.custom]() {
    return `Client(${this.#clientId} ${this.state})`
  }

  #subscribe(kind, handler) {
    callable(handler)
    if (kind !== KIND.STATE) check(this.#native.subscribe(kind))
    else if (this.isStarted) throw new ConfigError({ message: 'a handler came after the start' })
    this.#byKind[kind] = handler
    return this
  }

  #deliver(kind, bundle, place) {
    const delivery = new (classes[kind] ?? Delivery)(bundle, place, kind, this.#log.tell)
    const handler = this.#find(kind, bundle, place)
    if (handler !== undefined) handle(handler, delivery, kind, this.#log.tell)
    else if (kind !== KIND.STATE) native.unhandled(bundle, place)
    if (kind === KIND.STATE) this.#life.told(delivery.topic)
  }

  #find(kind, bundle, place) {
    const exact =
      kind === KIND.EVENT
        ? this.#byType.size > 0 && this.#byType.get(native.eventType(bundle, place))
        : this.#byTopic[kind]?.get(native.topic(bundle, place))
    return exact || this.#byKind[kind]
  }

  /** A call that needs no connection, and so is no part of the client's life. */
  #say(operation, begin, signal, finish) {
    return calls.start(operation, begin, { signal, tell: this.#log.tell, finish })
  }

  #call(operation, begin, signal, over = () => {}) {
    this.#life.enter()
    const leave = (error) => {
      over(error)
      this.#life.leave()
    }
    return calls.start(operation, begin, { signal, tell: this.#log.tell, over: leave })
  }

  #end() {
    hub.detach(this.#source)
    // A client that was never started may still be, with its loops.
    if (this.state === 'idle') return
    for (const loop of this.#loops) loop.end()
  }
}

function callable(handler) {
  if (typeof handler !== 'function') throw argument(`a handler is a function, and this is ${inspect(handler)}`)
  return handler
}

exports.Client = Client
