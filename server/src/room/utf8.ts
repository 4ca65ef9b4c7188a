/** Stands for bytes that are not UTF-8. */
export const INVALID_UTF8 = -1

/**
 * Length in UTF-16 units of the UTF-8 text in `bytes[from, to)`, or {@link INVALID_UTF8}. As strict as a fatal
 * `TextDecoder`, which is what every Yjs client reads with: overlong forms, surrogates and anything above U+10FFFF are invalid.
 *
 * @see https://encoding.spec.whatwg.org/#utf-8-decoder
 */
export function utf16Length(bytes: Uint8Array, from: number, to: number): number {
  let at = from
  let units = 0
  while (at < to) {
    // pasted text is mostly ASCII: four bytes a turn read a megabyte in well under a millisecond
    while (
      at + 4 <= to &&
      ((bytes[at] as number) |
        (bytes[at + 1] as number) |
        (bytes[at + 2] as number) |
        (bytes[at + 3] as number)) <
        0x80
    ) {
      at += 4
      units += 4
    }
    if (at >= to) break
    const lead = bytes[at] as number
    if (lead < 0x80) {
      at += 1
      units += 1
      continue
    }
    if (lead < 0xc2 || lead > 0xf4) return INVALID_UTF8
    const size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
    if (at + size > to) return INVALID_UTF8
    const second = bytes[at + 1] as number
    // the second byte alone decides overlong forms, surrogates and the upper end
    const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
    const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
    if (second < low || second > high) return INVALID_UTF8
    for (let more = 2; more < size; more++) {
      if (((bytes[at + more] as number) & 0xc0) !== 0x80) return INVALID_UTF8
    }
    at += size
    units += size === 4 ? 2 : 1
  }
  return units
}

/**
 * Where UTF-16 unit `unit` of valid UTF-8 text begins. When the unit is the second half of a surrogate pair, the
 * answer is the place *behind* the pair, negated: that half has no bytes of its own.
 */
export function byteOfUnit(bytes: Uint8Array, from: number, unit: number): number {
  let at = from
  let left = unit
  while (left > 0) {
    const lead = bytes[at] as number
    const size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
    at += size
    left -= size === 4 ? 2 : 1
  }
  return left < 0 ? -at : at
}
