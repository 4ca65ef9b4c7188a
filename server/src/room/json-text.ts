import { Malformed } from './malformed.ts'

/** Values nested deeper cost the readers their stack. */
export const MAX_DEPTH = 64

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
/** The key that replaces an object's prototype when it is assigned. */
export const PROTO: Uint8Array = new TextEncoder().encode('__proto__')
const TRUE = new TextEncoder().encode('true')
const FALSE = new TextEncoder().encode('false')
const NULL = new TextEncoder().encode('null')
const NO_OBJECT = 0
const OBJECT = 1

/** Whether `bytes` hold `word` at `at`, before `to`. */
function holds(bytes: Uint8Array, at: number, to: number, word: Uint8Array): boolean {
  if (to - at < word.length) return false
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word[i]) return false
  return true
}

/** Whether `bytes[from, to)` is exactly `word`. */
export function isWord(bytes: Uint8Array, from: number, to: number, word: Uint8Array): boolean {
  return to - from === word.length && holds(bytes, from, to, word)
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39
}

function isHexDigit(byte: number | undefined): boolean {
  return isDigit(byte) || (byte !== undefined && (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66)
}

function bad(): never {
  throw new Malformed('invalid JSON')
}

/** Reads JSON without building it: exactly `JSON.parse`'s grammar, no recursion, no objects. */
class JsonText {
  #bytes: Uint8Array = PROTO
  #at = 0
  #to = 0
  /** For each open bracket, whether it is an object's. */
  readonly #open = new Uint8Array(MAX_DEPTH)

  /** Throws `Malformed` unless `bytes[from, to)`, valid UTF-8, is one JSON value within the limits. */
  check(bytes: Uint8Array, from: number, to: number): void {
    this.#bytes = bytes
    this.#at = from
    this.#to = to
    let depth = 0
    this.#space()
    for (;;) {
      // here a value is due
      const byte = this.#bytes[this.#at]
      if (this.#at >= this.#to) bad()
      if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        if (depth === MAX_DEPTH) throw new Malformed('JSON too deep')
        this.#open[depth++] = byte === OPEN_OBJECT ? OBJECT : NO_OBJECT
        this.#at++
        this.#space()
        const close = byte === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY
        if (this.#peek() === close) {
          this.#at++
          depth--
        } else {
          if (byte === OPEN_OBJECT) this.#key()
          continue
        }
      } else {
        this.#scalar(byte)
      }
      // here a value is over: close brackets, or go on behind a comma
      for (;;) {
        this.#space()
        if (depth === 0) {
          if (this.#at !== this.#to) bad()
          return
        }
        const inObject = this.#open[depth - 1] === OBJECT
        const next = this.#peek()
        this.#at++
        if (next === COMMA) {
          this.#space()
          if (inObject) this.#key()
          break
        }
        if (next !== (inObject ? CLOSE_OBJECT : CLOSE_ARRAY)) bad()
        depth--
      }
    }
  }

  #peek(): number | undefined {
    return this.#at < this.#to ? this.#bytes[this.#at] : undefined
  }

  #space(): void {
    while (isSpace(this.#peek())) this.#at++
  }

  #key(): void {
    const from = this.#at
    if (this.#peek() !== QUOTE) bad()
    const escaped = this.#string()
    const bytes = this.#bytes
    if (isWord(bytes, from + 1, this.#at - 1, PROTO)) throw new Malformed('a __proto__ key')
    if (escaped) {
      const key: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(from, this.#at)))
      if (key === '__proto__') throw new Malformed('a __proto__ key')
    }
    this.#space()
    if (this.#peek() !== COLON) bad()
    this.#at++
    this.#space()
  }

  /** Passes a string; says whether it holds escapes. */
  #string(): boolean {
    let escaped = false
    this.#at++
    for (;;) {
      const byte = this.#peek()
      if (byte === undefined || byte < 0x20) bad()
      this.#at++
      if (byte === QUOTE) return escaped
      if (byte !== BACKSLASH) continue
      escaped = true
      const kind = this.#peek()
      this.#at++
      if (kind === 0x75) {
        for (let i = 0; i < 4; i++) {
          if (!isHexDigit(this.#peek())) bad()
          this.#at++
        }
      } else if (kind === undefined || !'"\\/bfnrt'.includes(String.fromCharCode(kind))) {
        bad()
      }
    }
  }

  #scalar(byte: number | undefined): void {
    if (byte === QUOTE) {
      this.#string()
      return
    }
    if (byte === 0x2d || isDigit(byte)) {
      this.#number()
      return
    }
    const word = byte === 0x74 ? TRUE : byte === 0x66 ? FALSE : NULL
    if (!holds(this.#bytes, this.#at, this.#to, word)) bad()
    this.#at += word.length
  }

  #number(): void {
    if (this.#peek() === 0x2d) this.#at++
    if (this.#peek() === 0x30) this.#at++
    else this.#digits()
    if (this.#peek() === 0x2e) {
      this.#at++
      this.#digits()
    }
    if (((this.#peek() ?? 0) | 0x20) === 0x65) {
      this.#at++
      const sign = this.#peek()
      if (sign === 0x2b || sign === 0x2d) this.#at++
      this.#digits()
    }
  }

  #digits(): void {
    if (!isDigit(this.#peek())) bad()
    while (isDigit(this.#peek())) this.#at++
  }
}

const text = new JsonText()

/**
 * Throws `Malformed` unless `bytes[from, to)`, valid UTF-8, is one JSON value of at most {@link MAX_DEPTH} levels without
 * `__proto__` keys.
 */
export function checkJson(bytes: Uint8Array, from: number, to: number): void {
  text.check(bytes, from, to)
}
