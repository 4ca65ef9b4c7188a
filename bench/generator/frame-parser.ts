/** What comes out of a stream of server frames (RFC 6455 section 5.2, unmasked). */
export interface FrameSink {
  /** A whole message; `payload` is only valid during the call. */
  onMessage(payload: Uint8Array): void
  onPing(payload: Uint8Array): void
  onClose(code: number): void
  /** A message over the bound: its bytes were summed and let go. */
  onSkipped(length: number, checksum: number): void
}

const OPCODE = { binary: 2, close: 8, ping: 9 } as const
const LONGEST_HEADER = 10
const NO_STATUS = 1005

/** One byte of so many is summed: the generator must not be what is measured. */
const STRIDE = 16

/** The same however the bytes were cut; `offset` is where `from` lies in the message. */
function sum(checksum: number, bytes: Uint8Array, from: number, to: number, offset: number): number {
  let total = checksum
  const first = from + ((STRIDE - (offset % STRIDE)) % STRIDE)
  for (let i = first; i < to; i += STRIDE) total = (Math.imul(total, 31) + (bytes[i] ?? 0)) | 0
  return total
}

/** The checksum a whole message would have as a skipped one. */
export function checksumOf(bytes: Uint8Array): number {
  return sum(0, bytes, 0, bytes.length, 0)
}

/** Takes chunks as they come from a socket. Copies only frames that a chunk cuts. */
export class FrameParser {
  readonly #sink: FrameSink
  readonly #assembleBytes: number
  readonly #header = new Uint8Array(LONGEST_HEADER)
  #headerLength = 0
  #opcode = 0
  #body: Uint8Array | undefined
  #length = 0
  /** Bytes of the body still to come; 0 between frames. */
  #missing = 0
  #checksum = 0

  /** Messages over `assembleBytes` are not held. */
  constructor(sink: FrameSink, assembleBytes: number) {
    this.#sink = sink
    this.#assembleBytes = assembleBytes
  }

  push(chunk: Uint8Array): void {
    let at = 0
    while (at < chunk.length) at = this.#missing > 0 ? this.#continue(chunk, at) : this.#begin(chunk, at)
  }

  #begin(chunk: Uint8Array, from: number): number {
    let at = from
    while (at < chunk.length) {
      this.#header[this.#headerLength++] = chunk[at++] ?? 0
      const needed = this.#headerBytes()
      if (this.#headerLength < needed) continue
      this.#opcode = (this.#header[0] ?? 0) & 15
      this.#length = this.#bodyBytes()
      this.#headerLength = 0
      if (chunk.length - at >= this.#length && this.#length <= this.#assembleBytes) {
        this.#emit(chunk.subarray(at, at + this.#length))
        return at + this.#length
      }
      this.#missing = this.#length
      this.#checksum = 0
      this.#body = this.#length <= this.#assembleBytes ? new Uint8Array(this.#length) : undefined
      return at
    }
    return at
  }

  #continue(chunk: Uint8Array, from: number): number {
    const to = Math.min(chunk.length, from + this.#missing)
    const body = this.#body
    const offset = this.#length - this.#missing
    if (body === undefined) this.#checksum = sum(this.#checksum, chunk, from, to, offset)
    else body.set(chunk.subarray(from, to), offset)
    this.#missing -= to - from
    if (this.#missing > 0) return to
    this.#body = undefined
    if (body === undefined) this.#sink.onSkipped(this.#length, this.#checksum)
    else this.#emit(body)
    return to
  }

  #headerBytes(): number {
    if (this.#headerLength < 2) return 2
    const short = (this.#header[1] ?? 0) & 127
    if (short === 127) return LONGEST_HEADER
    return short === 126 ? 4 : 2
  }

  #bodyBytes(): number {
    const short = (this.#header[1] ?? 0) & 127
    const view = new DataView(this.#header.buffer)
    if (short === 127) return Number(view.getBigUint64(2))
    return short === 126 ? view.getUint16(2) : short
  }

  #emit(payload: Uint8Array): void {
    if (this.#opcode === OPCODE.ping) this.#sink.onPing(payload)
    else if (this.#opcode === OPCODE.close)
      this.#sink.onClose(payload.length < 2 ? NO_STATUS : ((payload[0] ?? 0) << 8) | (payload[1] ?? 0))
    else if (this.#opcode === OPCODE.binary) this.#sink.onMessage(payload)
  }
}
