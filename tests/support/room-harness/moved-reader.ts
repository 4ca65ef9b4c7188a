import { fillTemplate, templateOf, unpackNumbers } from '@roomful/shared'
import { readPresence } from '../../../server/src/room-presence-wire.ts'
import type { FakeMember } from './fake-member.ts'

/** What a member was told of one clientID. */
export interface ToldState {
  readonly clientId: number
  readonly clock: number
  /** As it came; `null` = gone. */
  readonly json: string
}

const utf8 = new TextDecoder()

/** A client that takes moved entries as W40 has it, and keeps states as y-protocols does. Throws at what it cannot read. */
export class MovedReader {
  /** Who is present: the latest entry of each. */
  readonly states = new Map<number, ToldState>()
  /** How many entries came, in full and by numbers alone. */
  inFull = 0
  moved = 0
  /** It was told that its clientID is somebody else's. */
  hasLost = false
  readonly #texts = new Map<number, string>()
  readonly #clocks = new Map<number, number>()

  /** Everything that came since the last call. @returns the entries, each with its text. */
  read(member: FakeMember): ToldState[] {
    const told: ToldState[] = []
    for (const message of member.take()) {
      if (message.type === 'notice') this.hasLost ||= message.json.includes('clientid-conflict')
      else if (message.type === 'awareness') told.push(...this.#readFull(message.update))
      else if (message.type === 'moved') {
        if (!member.takesMoved) throw new Error('moved entries for who never asked for them')
        if (message.entries.length === 0) throw new Error('a moved message of nobody')
        this.moved += message.entries.length
        for (const { clientId, clock, numbers } of message.entries)
          told.push({ clientId, clock, json: this.#fill(clientId, numbers) })
      }
    }
    for (const entry of told) this.#apply(entry)
    return told
  }

  #readFull(update: Uint8Array): ToldState[] {
    const entries = readPresence(update)
    if (entries === undefined) throw new Error('an awareness update that is none')
    return entries.map(({ clientId, clock, json: bytes }) => {
      const json = utf8.decode(bytes)
      this.inFull += 1
      if (json === 'null') this.#texts.delete(clientId)
      else this.#texts.set(clientId, json)
      return { clientId, clock, json }
    })
  }

  #fill(clientId: number, packed: Uint8Array): string {
    const text = this.#texts.get(clientId)
    const numbers = unpackNumbers(packed)
    const json =
      text === undefined || numbers === undefined ? undefined : fillTemplate(templateOf(text), numbers)
    if (json === undefined) throw new Error(`numbers of ${clientId} that fit to nothing it was told`)
    return json
  }

  #apply(entry: ToldState): void {
    const { clientId, clock, json } = entry
    const before = this.#clocks.get(clientId) ?? 0
    if (clock < before || (clock === before && json !== 'null')) return
    this.#clocks.set(clientId, clock)
    if (json === 'null') this.states.delete(clientId)
    else this.states.set(clientId, entry)
  }
}
