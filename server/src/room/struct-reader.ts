import { ByteReader } from './byte-reader.ts'
import { checkJson, isWord, MAX_DEPTH, PROTO } from './json-text.ts'
import { Malformed } from './malformed.ts'

/** The lower five bits of a struct's first byte (Yjs `Item.js` `contentRefs`). */
export const KIND = {
  gc: 0,
  deleted: 1,
  json: 2,
  binary: 3,
  string: 4,
  embed: 5,
  format: 6,
  type: 7,
  any: 8,
  skip: 10,
} as const

/** Bits of a struct's first byte. */
export const HAS_ORIGIN = 0x80
export const HAS_RIGHT_ORIGIN = 0x40
export const HAS_KEY = 0x20
const KIND_BITS = 0x1f

/** How a struct names its parent; with an origin or a right origin it has none, the neighbour's is its own. */
export const PARENT = { inherited: 0, root: 1, item: 2 } as const
type Parent = (typeof PARENT)[keyof typeof PARENT]

const MAX_TYPE_REF = 6
const XML_ELEMENT = 3
const XML_HOOK = 5
const CHAT = new TextEncoder().encode('chat')
/** `ContentJSON` writes an absent value as this word, which is not JSON. */
const UNDEFINED = new TextEncoder().encode('undefined')

/**
 * Reads structs of Yjs' update format v1, one at a time, into its own fields: no object per struct.
 * `head()` reads up to the content, `content()` the rest; both throw `Malformed`.
 *
 * @example
 * reader.load(bytes, at, bytes.length)
 * reader.head()
 * reader.content()
 * clock += reader.length
 */
export class StructReader extends ByteReader {
  info = 0
  kind = 0
  /** Units of clock, known after `content()`. */
  length = 0
  originClient = 0
  originClock = 0
  rightClient = 0
  rightClock = 0
  parent: Parent = PARENT.inherited
  parentClient = 0
  parentClock = 0
  /** The parent is the root type `chat`; meaningful for root parents only. */
  inChat = false
  /** Carries a map key of its own. */
  keyed = false
  /** The bytes were scanned before: values are passed without another look into them. */
  isTrusted = false

  get hasOrigin(): boolean {
    return (this.info & HAS_ORIGIN) !== 0
  }

  get hasRightOrigin(): boolean {
    return (this.info & HAS_RIGHT_ORIGIN) !== 0
  }

  head(): void {
    const info = this.byte()
    const kind = info & KIND_BITS
    this.info = info
    this.kind = kind
    this.parent = PARENT.inherited
    this.keyed = false
    if (kind === KIND.gc || kind === KIND.skip) {
      // Yjs reads the same struct as an item or as a gap depending on which of its readers looks
      if (info !== kind) throw new Malformed('a gap or collected struct with flags')
      return
    }
    if ((info & HAS_ORIGIN) !== 0) {
      this.originClient = this.varUint()
      this.originClock = this.clock()
    }
    if ((info & HAS_RIGHT_ORIGIN) !== 0) {
      this.rightClient = this.varUint()
      this.rightClock = this.clock()
    }
    if ((info & (HAS_ORIGIN | HAS_RIGHT_ORIGIN)) === 0) this.#parent(info)
  }

  #parent(info: number): void {
    const named = this.varUint()
    if (named === 1) {
      this.parent = PARENT.root
      this.#name()
      this.inChat = isWord(this.bytes, this.textAt, this.at, CHAT)
    } else if (named === 0) {
      this.parent = PARENT.item
      this.parentClient = this.varUint()
      this.parentClock = this.clock()
    } else {
      throw new Malformed('an unknown kind of parent')
    }
    if ((info & HAS_KEY) !== 0) {
      this.keyed = true
      this.#name()
    }
  }

  #name(): void {
    if (!this.isTrusted) {
      this.text()
      return
    }
    const size = this.varUint()
    this.textAt = this.at
    this.skip(size)
  }

  content(): void {
    this.length = 1
    switch (this.kind) {
      case KIND.gc:
      case KIND.deleted:
      case KIND.skip:
        this.length = this.clock()
        break
      case KIND.json:
        this.length = this.clock()
        this.skipJson(this.length)
        break
      case KIND.binary:
        this.skipBlob()
        break
      case KIND.string:
        this.length = this.text()
        break
      case KIND.embed:
        this.#json(false)
        break
      case KIND.format:
        this.text()
        this.#json(false)
        break
      case KIND.type: {
        const type = this.varUint()
        if (type > MAX_TYPE_REF) throw new Malformed('an unknown shared type')
        if (type === XML_ELEMENT || type === XML_HOOK) this.text()
        break
      }
      case KIND.any:
        this.length = this.clock()
        this.skipAny(this.length)
        break
      default:
        throw new Malformed('unknown content or a sub-document')
    }
    if (this.length === 0) throw new Malformed('a struct of length 0')
  }

  /** Passes elements of `ContentJSON`. */
  skipJson(count: number): void {
    for (let i = 0; i < count; i++) this.#json(true)
  }

  /** Passes elements of `ContentAny`. */
  skipAny(count: number): void {
    for (let i = 0; i < count; i++) this.#any(0)
  }

  #json(mayBeUndefined: boolean): void {
    if (this.isTrusted) return this.skipBlob()
    this.text()
    if (mayBeUndefined && isWord(this.bytes, this.textAt, this.at, UNDEFINED)) return
    checkJson(this.bytes, this.textAt, this.at)
  }

  /** One value of lib0's `writeAny`. */
  #any(depth: number): void {
    const type = this.byte()
    switch (type) {
      case 127: // undefined
      case 126: // null
      case 121: // false
      case 120: // true
        return
      case 125: // integer
        this.skipVarInt()
        return
      case 124: // float32
        this.skip(4)
        return
      case 123: // float64
      case 122: // bigint
        this.skip(8)
        return
      case 119: // string
        if (this.isTrusted) this.skipBlob()
        else this.text()
        return
      case 116: // Uint8Array
        this.skipBlob()
        return
      case 118: {
        if (depth === MAX_DEPTH) throw new Malformed('a value too deep')
        const count = this.varUint()
        for (let i = 0; i < count; i++) {
          this.#anyKey()
          this.#any(depth + 1)
        }
        return
      }
      case 117: {
        if (depth === MAX_DEPTH) throw new Malformed('a value too deep')
        const count = this.varUint()
        for (let i = 0; i < count; i++) this.#any(depth + 1)
        return
      }
      default:
        throw new Malformed('an unknown kind of value')
    }
  }

  #anyKey(): void {
    if (this.isTrusted) return this.skipBlob()
    this.text()
    if (isWord(this.bytes, this.textAt, this.at, PROTO)) throw new Malformed('a __proto__ key')
  }
}
