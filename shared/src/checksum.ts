/** Bytes of a checksum and of a digest: two 32-bit lanes, big-endian. */
export const CHECKSUM_BYTES = 8

/**
 * Two multiplicative 32-bit hashes, side by side: for noticing faults, not for keeping anybody out.
 *
 * @example
 * const lanes = new Lanes()
 * lanes.number(7)
 * lanes.bytes() // 8 bytes
 */
export class Lanes {
  #a = 0x811c9dc5
  #b = 0x1b873593

  /** Takes the low 32 bits of a whole number. */
  number(value: number): void {
    this.#a = Math.imul(this.#a ^ (value | 0), 0x01000193)
    this.#a ^= this.#a >>> 15
    this.#b = Math.imul((this.#b + (value | 0)) | 0, 0x5bd1e995)
    this.#b ^= this.#b >>> 13
  }

  text(text: string): void {
    this.number(text.length)
    for (let i = 0; i < text.length; i++) this.number(text.charCodeAt(i))
  }

  value(): readonly [number, number] {
    return [this.#a >>> 0, this.#b >>> 0]
  }

  bytes(): Uint8Array {
    return laneBytes(this.value())
  }
}

/** Two 32-bit lanes as they go over the wire. */
export function laneBytes([a, b]: readonly [number, number]): Uint8Array {
  const bytes = new Uint8Array(CHECKSUM_BYTES)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, a)
  view.setUint32(4, b)
  return bytes
}

/** The checksum of an encoded state vector, highest clientID first as Yjs writes it. */
export function checksumOf(bytes: Uint8Array): Uint8Array {
  const lanes = new Lanes()
  lanes.number(bytes.length)
  for (const byte of bytes) lanes.number(byte)
  return lanes.bytes()
}

export function isSameChecksum(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}
