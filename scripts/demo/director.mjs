import { Ended } from './pace.mjs'
import { between, pick } from './random.mjs'
import {
  AFTERTHOUGHTS,
  ANSWERS,
  ASIDES,
  CARD_SIZE,
  CARDS,
  DESK,
  DIALOGUES,
  IDEAS,
  NOTE_LINES,
  WELCOMES,
} from './story.mjs'

/** Between two conversations, ms. */
const SILENCE_MS = 25_000
/** New cards stop at so many: a demo left alone for a night must not fill the board. */
const MAX_CARDS = 9

/** @typedef {import('./visitor.mjs').Visitor} Visitor */

/** Who does what, so that five people seem to work on one thing. Runs until the pace ends. */
export class Director {
  #visitors
  #pace
  #random
  #noteLine = 0
  #ideas = [...IDEAS]
  /** @type {Set<Visitor>} */
  #talking = new Set()

  /**
   * @param {readonly Visitor[]} visitors
   * @param {import('./pace.mjs').Pace} pace
   * @param {import('./random.mjs').Random} random
   */
  constructor(visitors, pace, random) {
    this.#visitors = visitors
    this.#pace = pace
    this.#random = random
  }

  /** Resolves when the demo has ended and nobody does anything any more. */
  async run() {
    const [host] = this.#visitors
    if (host === undefined) return
    await host.synced()
    await this.#set(host)
    const parts = [
      this.#converse(),
      this.#greet(host),
      this.#write(),
      ...this.#visitors.map((visitor) => this.#live(visitor)),
    ]
    await Promise.all(parts.map(untilEnded))
  }

  /**
   * Lays the table, unless somebody has.
   *
   * @param {Visitor} host
   */
  async #set(host) {
    if (host.cards.ordered.length > 0) return
    for (const { x, y, color, text } of CARDS)
      host.cards.create({ x: DESK.left + x, y: DESK.top + y, size: CARD_SIZE, color, text })
    await untilEnded(host.saved())
  }

  /** @param {Visitor} visitor */
  async #live(visitor) {
    await visitor.synced()
    for (;;) {
      await this.#pace.pause(between(this.#random, 200, 2_500))
      // typing on a card and in the chat at once is no person
      if (this.#talking.has(visitor)) continue
      await this.#act(visitor, this.#random())
    }
  }

  /**
   * @param {Visitor} visitor
   * @param {number} dice 0..1
   */
  #act(visitor, dice) {
    if (dice < 0.45) return visitor.wander()
    if (dice < 0.72) return visitor.dragCard()
    if (dice < 0.88) return visitor.writeCard(AFTERTHOUGHTS)
    if (dice < 0.93 && visitor.cards.ordered.length < MAX_CARDS) {
      const idea = this.#ideas.shift()
      if (idea !== undefined) return visitor.addCard(idea)
    }
    return dice < 0.97 ? visitor.sayAside(pick(this.#random, ASIDES) ?? '') : visitor.lookAway()
  }

  /** Each conversation once: the same words again would give the play away. */
  async #converse() {
    for (const dialogue of DIALOGUES) {
      await this.#pace.pause(between(this.#random, 1_500, 4_000))
      for (const [who, text] of dialogue) {
        await this.#say(this.#visitors[Number(who) % this.#visitors.length], String(text))
        await this.#pace.pause(between(this.#random, 1_500, 5_000))
      }
      await this.#pace.pause(SILENCE_MS)
    }
  }

  /** One of them keeps the note, line by line. */
  async #write() {
    const writer = this.#visitors.at(-1)
    if (writer === undefined) return
    await writer.synced()
    while (this.#noteLine < NOTE_LINES.length) {
      await this.#pace.pause(between(this.#random, 4_000, 12_000))
      if (this.#talking.has(writer)) continue
      await writer.writeNote(NOTE_LINES[this.#noteLine++] ?? '')
    }
  }

  /**
   * Greets guests and answers them.
   *
   * @param {Visitor} host
   */
  async #greet(host) {
    const cast = new Set(this.#visitors.map(({ user }) => user.id))
    const greeted = new Set()
    let heard = host.chat.messages.length
    for (;;) {
      await this.#pace.pause(1_000)
      for (const { id, user } of host.presence.others) {
        if (cast.has(id) || greeted.has(id)) continue
        greeted.add(id)
        const words = (pick(this.#random, WELCOMES) ?? '').replace('{name}', user.name)
        await this.#say(pick(this.#random, this.#visitors), words)
      }
      const news = host.chat.messages.slice(heard)
      heard = host.chat.messages.length
      if (news.some(({ userId }) => !cast.has(userId)))
        await this.#say(pick(this.#random, this.#visitors), pick(this.#random, ANSWERS) ?? '')
    }
  }

  /**
   * @param {Visitor | undefined} visitor
   * @param {string} text
   */
  async #say(visitor, text) {
    if (visitor === undefined) return
    this.#talking.add(visitor)
    try {
      await visitor.say(text)
    } finally {
      this.#talking.delete(visitor)
    }
  }
}

/**
 * The end of the demo is no failure.
 *
 * @param {Promise<unknown>} work
 */
async function untilEnded(work) {
  try {
    await work
  } catch (error) {
    if (!(error instanceof Ended)) throw error
  }
}
