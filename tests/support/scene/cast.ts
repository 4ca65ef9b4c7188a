import { Cards, Chat, presenceOf } from '@roomful/provider'
import { BOARD, type ChatMessage, createUser, roomDoc } from '@roomful/shared'
import * as Y from 'yjs'
import { connectRoomful, type RoomfulClient } from '../roomful-client.ts'
import { waitFor } from '../wait.ts'
import {
  CARDS,
  CRANE,
  EARLIER,
  FOX,
  HERON,
  LATER,
  length,
  LYNX,
  NOTE,
  place,
  QUIET,
  SAID_AT_CURSOR,
  SELECTED_CARD,
  type StillPerson,
} from './still.ts'

/** Cursors fade after 3 s without a move, typing ends after 3 s: everybody stirs this often. */
const STIR_MS = 900

// y-websocket hears of the end of the process once per client, and Node takes more than ten for a leak
process.setMaxListeners(64)

/** One of the others, as a client in Node. */
class Player {
  readonly person: StillPerson
  readonly client: RoomfulClient
  readonly chat: Chat

  constructor(wsUrl: string, room: string, person: StillPerson) {
    this.person = person
    const user = createUser(person.id, person.name, person.color)
    this.client = connectRoomful(wsUrl, room, { user })
    this.chat = new Chat(this.client.provider)
  }

  async settled(): Promise<void> {
    const { provider } = this.client
    await waitFor(
      `${this.person.name} to be connected and saved`,
      () => provider.connection === 'connected' && provider.synced && provider.pending === 0,
    )
  }

  leave(): void {
    this.chat.destroy()
    this.client.destroy()
  }
}

/** The seven others of the still. They do what it shows until they {@link leave}. */
export class Cast {
  readonly #wsUrl: string
  readonly #room: string
  readonly #players: Player[] = []
  #selected: string | undefined
  #stirring: ReturnType<typeof setInterval> | undefined
  #isBusy = false
  #step = 0

  constructor(wsUrl: string, room: string) {
    this.#wsUrl = wsUrl
    this.#room = room
  }

  /** Fills the room: cards, the note, what was said so far. Somebody does it who leaves again when nobody is to be there. */
  static async furnish(wsUrl: string, room: string): Promise<void> {
    const player = new Player(wsUrl, room, FOX)
    await player.settled()
    const { doc, provider } = player.client
    const cards = new Cards(provider)
    for (const { x, y, width, height, color, text } of CARDS) {
      const [left, top] = place(x, y)
      cards.create({ x: left, y: top, size: [length(width), length(height)], color, text })
    }
    cards.destroy()
    const { chat, note } = roomDoc(doc)
    note.insert(0, NOTE)
    const now = provider.serverNow()
    doc.transact(() => {
      for (const [index, { by, minutesAgo, text }] of EARLIER.entries()) {
        const message: ChatMessage = {
          id: `still-${index}`,
          userId: by.id,
          name: by.name,
          color: by.color,
          text,
          sentAt: now - minutesAgo * 60_000 + index * 1_000,
        }
        chat.push([message])
      }
    })
    await player.settled()
    player.leave()
  }

  /** All but one come; {@link lateJoiner} follows. */
  async enter(): Promise<void> {
    await this.#enter([FOX, HERON, LYNX, ...QUIET])
  }

  /** The one whose coming shows in the chat. */
  async lateJoiner(): Promise<void> {
    await this.#enter([CRANE])
  }

  /** The rest of the talk. `self` says the own part. */
  async talk(self: (text: string) => Promise<void>): Promise<void> {
    for (const { by, text } of LATER) {
      const player = this.#players.find(({ person }) => person === by)
      if (player === undefined) await self(text)
      else {
        player.chat.send(text)
        await player.settled()
      }
    }
  }

  /** From now on they point, select, type and say something at a cursor. */
  act(): void {
    this.#isBusy = true
    const cards = [...roomDoc(this.#client(FOX).doc).cards.entries()]
    // the map's own order is not theirs: the selected card is the one with its text
    const wanted = CARDS[SELECTED_CARD]?.text
    this.#selected = cards.find(
      ([, card]) => card instanceof Y.Map && String(card.get('text')) === wanted,
    )?.[0]
    this.#stir()
    this.#stirring ??= setInterval(() => this.#stir(), STIR_MS)
  }

  /** Two of them have a caret in the note. */
  writeNote(): void {
    const { note } = roomDoc(this.#client(FOX).doc)
    this.#caret(FOX, note.toString().indexOf('after three'))
    this.#caret(HERON, note.length - 1)
  }

  leave(): void {
    clearInterval(this.#stirring)
    for (const player of this.#players.splice(0)) player.leave()
  }

  async #enter(people: readonly StillPerson[]): Promise<void> {
    const players = people.map((person) => new Player(this.#wsUrl, this.#room, person))
    this.#players.push(...players)
    await Promise.all(players.map((player) => player.settled()))
    if (this.#isBusy) this.#stir()
  }

  #stir(): void {
    this.#step += 1
    // a quarter of a board unit is no move to see, and one to hear of
    const aside = (this.#step % 2) / 4
    for (const { person, client } of this.#players) {
      if (person.at === undefined) continue
      const [x, y] = place(...person.at)
      presenceOf(client.provider).setPointer({ x: (x + aside) / BOARD.width, y: y / BOARD.height })
      if (person === HERON || person === LYNX) presenceOf(client.provider).setTyping(true)
      if (person === LYNX) presenceOf(client.provider).setMessage(SAID_AT_CURSOR)
      if (person === FOX && this.#selected !== undefined)
        presenceOf(client.provider).setSelection([this.#selected])
    }
  }

  #caret(person: StillPerson, index: number): void {
    const { doc, provider } = this.#client(person)
    const { note } = roomDoc(doc)
    const position = Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(note, index))
    provider.awareness.setLocalStateField('cursor', { anchor: position, head: position })
  }

  #client(wanted: StillPerson): RoomfulClient {
    const player = this.#players.find(({ person }) => person === wanted)
    if (player === undefined) throw new Error(`${wanted.name} has not entered`)
    return player.client
  }
}
