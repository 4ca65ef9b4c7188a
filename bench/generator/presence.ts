/**
 * Presence as stock clients send it: name, colour and a pointer, clock up by one with each state, so that the clock names
 * the state. All states are equally long.
 */
const JSON_BYTES = 80

/** One person of the load. */
export class Person {
  readonly clientId: number
  clock = 0
  /** The state of the last message. */
  json = ''
  readonly #head: string
  readonly #tail: string

  /** @param view JSON of what they see, told with each state; default: nothing */
  constructor(index: number, view?: string) {
    // five bytes as a variable-length integer, as most ids of Yjs are
    this.clientId = 0x2000_0000 + index * 7_919
    const name = (padding: string): string =>
      `{"user":{"name":"P${index}${padding}","color":"#1e90ff"},"pointer":{"x":`
    const rest = '0.1234,"y":0.1234}}'.length
    this.#tail = view === undefined ? '}}' : `},"view":${view}}`
    this.#head = name('.'.repeat(Math.max(0, JSON_BYTES - rest - name('').length)))
  }

  /** The awareness update of the next state: anywhere, or at a place of the board (0..1). */
  next(place?: { readonly x: number; readonly y: number }): Uint8Array {
    this.clock += 1
    // four digits and no 0 at the end: what a server parses and writes again has the same bytes
    const x = place === undefined ? `0.${1_111 + ((this.clock * 37) % 888) * 10}` : place.x.toFixed(4)
    const y = place === undefined ? `0.${1_111 + ((this.clock * 53) % 888) * 10}` : place.y.toFixed(4)
    this.json = `${this.#head}${x},"y":${y}${this.#tail}`
    return this.#encode(this.json)
  }

  #encode(json: string): Uint8Array {
    const bytes: number[] = [1]
    writeVarUint(bytes, this.clientId)
    writeVarUint(bytes, this.clock)
    writeVarUint(bytes, json.length)
    const update = new Uint8Array(bytes.length + json.length)
    update.set(bytes)
    for (let i = 0; i < json.length; i += 1) update[bytes.length + i] = json.charCodeAt(i)
    return update
  }
}

function writeVarUint(into: number[], value: number): void {
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) into.push(128 | (rest % 128))
  into.push(rest)
}

/** Takes an entry of an awareness update; its JSON lies at `from`..`to`, of a moved message its numbers. */
export type OnEntry = (clientId: number, clock: number, from: number, to: number) => void

/** Reads an awareness update, or the entries of a moved message, without an object per entry. */
export function eachEntry(bytes: Uint8Array, from: number, onEntry: OnEntry): void {
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
  for (let left = varUint(); left > 0; left -= 1) {
    const clientId = varUint()
    const clock = varUint()
    const length = varUint()
    onEntry(clientId, clock, at, at + length)
    at += length
  }
}
