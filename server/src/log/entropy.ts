/** Random bytes, injected so that a seeded run is deterministic. */
export type RandomBytes = (size: number) => Uint8Array

/** The process's own source. */
export const systemRandomBytes: RandomBytes = (size) => crypto.getRandomValues(new Uint8Array(size))

/** 128 bits: two incarnations of a log never share one by chance. */
const EPOCH_BYTES = 16

/** Mints the name of one incarnation of a stored log. */
export function createEpoch(randomBytes: RandomBytes): string {
  return Buffer.from(randomBytes(EPOCH_BYTES)).toString('hex')
}
