/** Longest histories of seeds in `npm test` and in the long run alike: a seed means the same history in both. */
export const MAX_STEPS = 300

/** A history that failed once. */
export interface RecordedHistory {
  /** What went wrong, as the sentence that holds since. */
  readonly name: string
  /** From `encodeOperations`. */
  readonly operations: string
}

/** Failing histories, minimised. */
export const RECORDED: readonly RecordedHistory[] = []
