import { Malformed } from './malformed.ts'
import { INVALID_UTF8, utf16Length } from './utf8.ts'

/** No struct reaches past this clock. Keeps clocks in 32 bits; a person typing without pause needs seven years for it. */
export const MAX_CLOCK: number = 2 ** 31 - 1

const NOTHING = new Uint8Array(0)

/**
 * A place in bytes, and lib0's primitive encodings read from there. Everything is bounded by `end`; what lib0 would not
 * have written (overlong numbers, invalid UTF-8) throws {@link Malformed}.
 *
 * @see https://github.com/dmonad/lib0 decoding.js
 */
export class ByteReader {
  bytes: Uint8Array = NOTHING
  at = 0
  end = 0
  /** Where the text last passed began; it ends at `at`. */
  textAt = 0

  load(bytes: Uint8Array, at: number, end: number): void {
    this.bytes = bytes
    this.at = at
    this.end = end
  }

  byte(): number {
    if (this.at >= this.end) throw new Malformed('bytes end too early')
    return this.bytes[this.at++] as number
  }

  skip(count: number): void {
    if (count > this.end - this.at) throw new Malformed('bytes end too early')
    this.at += count
  }

  /** A number of at most 53 bits in its shortest form. */
  varUint(): number {
    const bytes = this.bytes
    let at = this.at
    const end = this.end
    if (at >= end) throw new Malformed('bytes end too early')
    let byte = bytes[at++] as number
    if (byte < 0x80) {
      this.at = at
      return byte
    }
    let value = byte & 0x7f
    let unit = 0x80
    do {
      // eight bytes carry 56 bits: nothing longer can be a safe integer
      if (at >= end || at - this.at >= 8) throw new Malformed('a number without end')
      byte = bytes[at++] as number
      value += (byte & 0x7f) * unit
      unit *= 0x80
    } while (byte >= 0x80)
    if (byte === 0 || value > Number.MAX_SAFE_INTEGER)
      throw new Malformed('a number not in its shortest form')
    this.at = at
    return value
  }

  /** A clock or a length of structs. */
  clock(): number {
    const value = this.varUint()
    if (value > MAX_CLOCK) throw new Malformed('an absurd clock or length')
    return value
  }

  /** Passes a signed number: sign and six bits, then seven bits a byte. */
  skipVarInt(): void {
    const from = this.at
    let byte = this.byte()
    if (byte < 0x80) return
    let value = byte & 0x3f
    let unit = 0x40
    do {
      if (this.at - from >= 8) throw new Malformed('a number without end')
      byte = this.byte()
      value += (byte & 0x7f) * unit
      unit *= 0x80
    } while (byte >= 0x80)
    if (byte === 0 || value > Number.MAX_SAFE_INTEGER)
      throw new Malformed('a number not in its shortest form')
  }

  /** Passes bytes behind their length. */
  skipBlob(): void {
    this.skip(this.varUint())
  }

  /** Passes a string behind its length and answers its length in UTF-16 units. */
  text(): number {
    const size = this.varUint()
    this.textAt = this.at
    this.skip(size)
    const units = utf16Length(this.bytes, this.textAt, this.at)
    if (units === INVALID_UTF8) throw new Malformed('invalid UTF-8')
    return units
  }
}
