/** A copy of a part; `slice` of a Buffer would be a view into the one read buffer. */
export function copyOf(bytes: Uint8Array, from: number, to: number): Uint8Array {
  return new Uint8Array(bytes.subarray(from, to))
}
