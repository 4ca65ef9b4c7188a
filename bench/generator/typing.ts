import { encodeUpdate } from '@roomful/shared'
import * as Y from 'yjs'
import { copyOf } from './copy-of.ts'

/** Root of the text that is typed into. */
export const TEXT = 'note'

/** Keystrokes made at once where those prepared have run out. */
const AHEAD = 100

/** Keystrokes made before they are needed: the update of each, in order, by one clientID. State n is the n-th keystroke. */
export class Typist {
  readonly clientId: number
  readonly updates: Uint8Array[] = []
  readonly #doc = new Y.Doc()

  /** `onto`: a document that exists; the typist writes at its end. */
  constructor(index: number, onto?: Uint8Array) {
    if (onto !== undefined) Y.applyUpdate(this.#doc, onto)
    this.clientId = 0x4000_0000 + index * 104_729
    this.#doc.clientID = this.clientId
    this.#doc.on('update', (update: Uint8Array) => this.updates.push(update))
  }

  /** Sees to it that there are `count` keystrokes. */
  prepare(count: number, text = 'x'): void {
    const note = this.#doc.getText(TEXT)
    while (this.updates.length < count) note.insert(note.length, text)
  }

  /** All keystrokes as one update. */
  document(): Uint8Array {
    return Y.encodeStateAsUpdate(this.#doc)
  }

  /** The message of the n-th keystroke, from 1. */
  message(state: number): Uint8Array {
    // a generator that is late types longer than was planned; the run is void by then, and says so
    if (state > this.updates.length) this.prepare(state + AHEAD)
    const update = this.updates[state - 1]
    if (update === undefined) throw new Error(`keystroke ${state} cannot be made`)
    return encodeUpdate(update)
  }
}

/**
 * Which keystrokes an update brings: `onClock(clientId, clock)` with the clock behind its last unit. The common update,
 * one struct of one client, is read without decoding it.
 */
export function eachWriter(
  bytes: Uint8Array,
  from: number,
  to: number,
  onClock: (clientId: number, clock: number) => void,
): void {
  let at = from
  const varUint = (): number => {
    let value = 0
    let factor = 1
    let byte = 0
    do {
      byte = bytes[at++] ?? 0
      value += (byte & 127) * factor
      factor *= 128
    } while (byte > 127)
    return value
  }
  const sections = varUint()
  const structs = sections === 1 ? varUint() : 0
  if (structs === 1) {
    const client = varUint()
    const clock = varUint()
    // one keystroke is one unit
    onClock(client, clock + 1)
    return
  }
  for (const struct of Y.decodeUpdate(copyOf(bytes, from, to)).structs)
    onClock(struct.id.client, struct.id.clock + struct.length)
}
