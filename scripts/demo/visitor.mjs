import { Cards, Chat, presenceOf, RoomfulProvider } from '@roomful/provider'
import { DRAG_INTERVAL_MS, roomDoc } from '@roomful/shared'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import { Hand } from './hand.mjs'
import { between, pick } from './random.mjs'
import { freePlace } from './place.mjs'
import { CARD_SIZE } from './story.mjs'
import { erase, type } from './typist.mjs'

/** How long a draft takes that is typed before it is sent, ms a character. */
const DRAFT_MS = 60
/** A card does not grow beyond so many characters: then its afterthoughts are taken back. */
const MAX_CARD_TEXT = 150

/** A person of the demo: one provider, one hand. */
export class Visitor {
  /** Cards somebody has in hand or types in: two people of the demo leave each other's alone. */
  static #taken = new Set()
  #provider
  #hand
  #pace
  #random
  #cards
  #chat

  /**
   * @param {{ serverUrl: string, room: string, user: import('@roomful/shared').PresenceUser,
   *   pace: import('./pace.mjs').Pace, random: import('./random.mjs').Random }} options
   */
  constructor({ serverUrl, room, user, pace, random }) {
    this.#provider = new RoomfulProvider(serverUrl, room, new Y.Doc(), {
      // Node 20 has none of its own; ws speaks the browser's interface as far as y-websocket uses it
      WebSocketPolyfill: /** @type {typeof globalThis.WebSocket} */ (/** @type {unknown} */ (WebSocket)),
      user,
    })
    this.user = user
    this.#pace = pace
    this.#random = random
    this.#hand = new Hand(this.presence, pace, random)
    this.#cards = new Cards(this.#provider)
    this.#chat = new Chat(this.#provider)
  }

  get presence() {
    return presenceOf(this.#provider)
  }

  get chat() {
    return this.#chat
  }

  get cards() {
    return this.#cards
  }

  /** Resolves when the room's content is here. */
  async synced() {
    if (this.#provider.synced) return
    await new Promise((settle) => this.#provider.once('synced', settle))
  }

  /** Resolves when everything this visitor did is durable on the server. */
  async saved() {
    while (this.#provider.pending !== 0) await this.#pace.pause(50)
  }

  /** Looks around. */
  async wander() {
    const card = pick(this.#random, this.#cards.ordered)
    if (card !== undefined) await this.#hand.moveTo(this.#pointIn(card))
    await this.#pace.pause(between(this.#random, 300, 1_500))
  }

  /**
   * Says something at the pointer, letter by letter, and lets it stand for a moment.
   *
   * @param {string} words
   */
  async sayAside(words) {
    await this.wander()
    try {
      for (let length = 1; length <= words.length; length++) {
        await this.#pace.pause(between(this.#random, 70, 180))
        this.presence.setMessage(words.slice(0, length))
      }
      await this.#pace.pause(3_500)
    } finally {
      this.presence.setMessage('')
    }
  }

  /** Takes the pointer off the board for a while, as people do who read something else. */
  async lookAway() {
    this.#hand.rest()
    await this.#pace.pause(between(this.#random, 2_000, 6_000))
  }

  /** Drags a card a little, and not out of reach. */
  async dragCard() {
    await this.#withCard(async (card) => {
      const grip = this.#pointIn(card)
      await this.#hand.moveTo(grip)
      const offset = { x: card.pos[0] - grip.x, y: card.pos[1] - grip.y }
      const place = freePlace(
        card.size,
        this.#cards.ordered.filter((each) => each !== card),
        this.#random,
      )
      const target = { x: place.x - offset.x, y: place.y - offset.y }
      let lastAt = 0
      await this.#hand.moveTo(target, (at) => {
        if (performance.now() - lastAt < DRAG_INTERVAL_MS) return
        lastAt = performance.now()
        this.#cards.move(card.id, [at.x + offset.x, at.y + offset.y])
      })
      this.#cards.move(card.id, [target.x + offset.x, target.y + offset.y])
    })
  }

  /**
   * Adds to a card what it does not say yet, or takes an afterthought back where there are enough.
   *
   * @param {readonly string[]} phrases
   */
  async writeCard(phrases) {
    await this.#withCard(async (card) => {
      await this.#hand.moveTo(this.#pointIn(card))
      const text = card.text.toString()
      const words =
        pick(
          this.#random,
          phrases.filter((phrase) => !text.includes(phrase)),
        ) ?? ''
      if (text.length > MAX_CARD_TEXT)
        await erase(card.text, text.lastIndexOf('.', text.length - 2) + 1, this.#pace)
      else await type(card.text, words, { pace: this.#pace, random: this.#random })
    })
  }

  /**
   * Makes a card where the hand is and writes on it.
   *
   * @param {{ color: import('@roomful/shared').CardColor, text: string }} idea
   */
  async addCard({ color, text }) {
    const place = freePlace(CARD_SIZE, this.#cards.ordered, this.#random)
    await this.#hand.moveTo(place)
    const id = this.#cards.create({ ...place, size: CARD_SIZE, color })
    await this.#withCard((card) => type(card.text, text, { pace: this.#pace, random: this.#random }), id)
  }

  /**
   * Types a message and sends it.
   *
   * @param {string} text
   */
  async say(text) {
    for (let typed = 0; typed < text.length; typed += 8) {
      this.presence.setTyping(true)
      await this.#pace.pause(DRAFT_MS * 8)
    }
    this.#chat.send(text)
  }

  /**
   * Adds a line to the shared note, with a caret that editors show.
   *
   * @param {string} line
   */
  async writeNote(line) {
    this.#hand.rest()
    const { note } = roomDoc(this.#provider.doc)
    try {
      await type(note, line, {
        pace: this.#pace,
        random: this.#random,
        onCaret: (index) => this.#caret(note, index),
      })
      await this.#pace.pause(2_000)
    } finally {
      this.#provider.awareness.setLocalStateField('cursor', null)
    }
  }

  /** Leaves, cleanly. */
  leave() {
    this.#cards.destroy()
    this.#chat.destroy()
    this.#provider.destroy()
  }

  /**
   * y-codemirror's caret: relative positions of anchor and head.
   *
   * @param {Y.Text} note
   * @param {number} index
   */
  #caret(note, index) {
    const position = Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(note, index))
    this.#provider.awareness.setLocalStateField('cursor', { anchor: position, head: position })
  }

  /**
   * Works on a card that nobody else of the demo has, selected meanwhile.
   *
   * @param {(card: import('@roomful/shared').Card) => Promise<void>} work
   * @param {string} [id] this one and no other
   */
  async #withCard(work, id) {
    const free = this.#cards.ordered.filter((each) => !Visitor.#taken.has(each.id))
    const card = id === undefined ? pick(this.#random, free) : this.#cards.get(id)
    if (card === undefined) return this.wander()
    Visitor.#taken.add(card.id)
    this.presence.setSelection([card.id])
    try {
      await work(card)
      await this.#pace.pause(between(this.#random, 300, 1_200))
    } finally {
      this.presence.setSelection([])
      Visitor.#taken.delete(card.id)
    }
  }

  /** @param {import('@roomful/shared').Card} card */
  #pointIn({ pos, size }) {
    return {
      x: pos[0] + size[0] * between(this.#random, 0.15, 0.85),
      y: pos[1] + size[1] * between(this.#random, 0.2, 0.8),
    }
  }
}
