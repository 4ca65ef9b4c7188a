/** Bytes in one growing buffer. Offsets into it stay valid; the buffer itself may be replaced by a larger one. */
export class ByteWriter {
  bytes: Uint8Array
  length = 0

  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity)
  }

  reserve(more: number): void {
    const need = this.length + more
    if (need <= this.bytes.length) return
    const grown = new Uint8Array(Math.max(64, need, 2 * this.bytes.length))
    grown.set(this.bytes.subarray(0, this.length))
    this.bytes = grown
  }

  byte(value: number): void {
    this.reserve(1)
    this.bytes[this.length++] = value
  }

  varUint(value: number): void {
    this.reserve(8)
    let rest = value
    while (rest > 0x7f) {
      this.bytes[this.length++] = 0x80 | (rest % 0x80)
      rest = Math.floor(rest / 0x80)
    }
    this.bytes[this.length++] = rest
  }

  /** Appends `source[from, to)`. */
  copy(source: Uint8Array, from: number, to: number): void {
    const size = to - from
    this.reserve(size)
    if (size < 48) {
      // a typed-array view costs more than a few bytes by hand
      for (let i = 0; i < size; i++) this.bytes[this.length + i] = source[from + i] as number
    } else {
      this.bytes.set(source.subarray(from, to), this.length)
    }
    this.length += size
  }

  /** Drops the first bytes; what follows moves to the front of a buffer of its own size. */
  dropFirst(count: number): void {
    this.bytes = this.bytes.slice(count, this.length)
    this.length -= count
  }

  /** What was written, as a view; the writer must not be used again. */
  finish(): Uint8Array {
    return this.bytes.subarray(0, this.length)
  }
}
