import { RoomfulProvider } from '@roomful/provider'
import type { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import type { Random } from '../random.ts'
import { connectRoomful } from '../roomful-client.ts'
import { connectStock } from '../stock-client.ts'
import { waitFor } from '../wait.ts'

/** Characters of the text that one write takes out at most. */
const MAX_CUT = 3

/** Somebody in the room: writes, moves, and notes whom it saw leave. */
export class Person {
  readonly name: string
  readonly doc: Y.Doc
  readonly provider: WebsocketProvider
  /** Words written so far. */
  readonly typed: string[] = []
  /** Names of those who were seen to leave. */
  readonly missed: string[] = []
  /** How long moves of others took to get here since this was emptied last, ms. */
  readonly latenciesMs: number[] = []
  readonly #destroy: () => void
  #place = 0

  private constructor(name: string, provider: WebsocketProvider, destroy: () => void) {
    this.name = name
    this.doc = provider.doc
    this.provider = provider
    this.#destroy = destroy
    const seen = new Map<number, string>()
    const { awareness } = provider
    awareness.on('change', ({ updated }: { readonly updated: readonly number[] }) => {
      const states = awareness.getStates()
      for (const id of updated) {
        const at: unknown = states.get(id)?.['at']
        if (id !== this.doc.clientID && typeof at === 'number') this.latenciesMs.push(performance.now() - at)
      }
      for (const [id, state] of states) if (id !== this.doc.clientID) seen.set(id, nameOf(state))
      for (const [id, gone] of seen) {
        if (states.has(id)) continue
        seen.delete(id)
        // y-websocket forgets everybody when its own connection ends: that is no leave
        if (provider.wsconnected) this.missed.push(gone)
      }
    })
    this.move()
  }

  /** @param kind `roomful` says what is pending, `stock` is the published y-websocket. */
  static async enter(
    wsUrl: string,
    room: string,
    name: string,
    kind: 'roomful' | 'stock' = 'stock',
  ): Promise<Person> {
    const client = kind === 'roomful' ? connectRoomful(wsUrl, room) : connectStock(wsUrl, room)
    const person = new Person(name, client.provider, () => client.destroy())
    await waitFor(`${name} to be synced`, () => client.provider.synced)
    return person
  }

  /** Whether Roomful's client holds a live connection. */
  get isSynced(): boolean {
    return this.provider.wsconnected && this.provider.synced
  }

  get place(): number {
    return this.#place
  }

  /** Local changes that are not known to be stored; `undefined` for a stock client. */
  get pending(): number | undefined {
    const { provider } = this
    if (!(provider instanceof RoomfulProvider)) return undefined
    return provider.pending === 'unknown' ? undefined : provider.pending
  }

  get words(): readonly string[] {
    return this.doc.getArray<string>('words').toArray()
  }

  /** Everything that is written, to be compared. */
  get content(): string {
    const { doc } = this
    const clocks = [...Y.decodeStateVector(Y.encodeStateVector(doc))].toSorted(([a], [b]) => a - b)
    return JSON.stringify([this.words, doc.getText('text').toDelta(), clocks])
  }

  /** Everybody else, with where they are. */
  get others(): string[] {
    return [...this.provider.awareness.getStates()]
      .filter(([id]) => id !== this.doc.clientID)
      .map(([, state]) => `${nameOf(state)}@${String(state['place'])}`)
      .toSorted()
  }

  /** A word somewhere, and an edit in the text that takes something out as often as not. */
  write(random: Random): void {
    const word = `${this.name}-${this.typed.length}`
    this.typed.push(word)
    this.doc.transact(() => {
      const words = this.doc.getArray<string>('words')
      words.insert(random.int(words.length + 1), [word])
      const text = this.doc.getText('text')
      const at = random.int(text.length + 1)
      if (random.chance(0.5)) text.insert(at, word)
      else text.delete(at, Math.min(random.int(MAX_CUT), text.length - at))
    })
  }

  move(): void {
    this.#place += 1
    this.provider.awareness.setLocalState({ name: this.name, place: this.#place, at: performance.now() })
  }

  leave(): void {
    this.#destroy()
  }
}

function nameOf(state: Record<string, unknown> | undefined): string {
  const name = state?.['name']
  return typeof name === 'string' ? name : '?'
}
