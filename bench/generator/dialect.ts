/**
 * How a server wants y-protocols messages: `y` as y-websocket sends them; `hocuspocus` with the room's name before each
 * and a token first; `opaque` servers forward frames and answer nothing.
 */
export type Dialect = 'y' | 'hocuspocus' | 'opaque'

/** A message of a server, as far as the generator has to understand it. */
export type Kind = 'step1' | 'step2' | 'update' | 'awareness' | 'moved' | 'status' | 'other'

const KINDS: readonly Kind[] = ['step1', 'step2', 'update']
const SYNC = 0
const AWARENESS = 1
const AUTH = 2
const SYNC_REPLY = 4
const SYNC_STATUS = 102
const MOVED = 108
const NO_PREFIX = new Uint8Array(0)

/** Reads messages without an object each: the fields hold the last one read. */
export class MessageReader {
  kind: Kind = 'other'
  /** Where the payload lies in the frame. */
  from = 0
  to = 0
  readonly #prefixLength: number

  constructor(prefix: Uint8Array) {
    this.#prefixLength = prefix.length
  }

  read(frame: Uint8Array): void {
    let at = this.#prefixLength
    const type = frame[at++]
    this.kind = 'other'
    if (type === SYNC || type === SYNC_REPLY) this.kind = KINDS[frame[at++] ?? -1] ?? 'other'
    else if (type === AWARENESS) this.kind = 'awareness'
    else if (type === SYNC_STATUS) this.kind = 'status'
    else if (type === MOVED) {
      // entries without their length in front
      this.kind = 'moved'
      this.from = at
      this.to = frame.length
      return
    }
    if (this.kind === 'other') return
    let length = 0
    let factor = 1
    let byte = 0
    do {
      byte = frame[at++] ?? 0
      length += (byte & 127) * factor
      factor *= 128
    } while (byte > 127)
    this.from = at
    this.to = at + length
  }
}

/** What stands before each message to a room. */
export function prefixOf(dialect: Dialect, room: string): Uint8Array {
  return dialect === 'hocuspocus' ? varString(room) : NO_PREFIX
}

/** What a connection has to say first. */
export function firstWords(dialect: Dialect): readonly Uint8Array[] {
  if (dialect !== 'hocuspocus') return []
  return [Uint8Array.from([AUTH, 0, ...varString('bench')])]
}

/** UTF-8 of a short text with its length in front. */
function varString(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text)
  if (bytes.length > 127) throw new Error(`too long for a length of one byte: ${text}`)
  return Uint8Array.from([bytes.length, ...bytes])
}
