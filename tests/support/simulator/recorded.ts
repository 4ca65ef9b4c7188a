/** Longest histories in `npm test`; a seed and its longest history mean the same everywhere. */
export const MAX_STEPS = 300
/** Longest histories of the few deep ones in the long run. */
export const DEEP_STEPS = 1_200

/** A history that failed once. */
export interface RecordedHistory {
  /** What went wrong, as the sentence that holds since. */
  readonly name: string
  /** From `encodeOperations`. */
  readonly operations: string
}

/** Failing histories, minimised. */
export const RECORDED: readonly RecordedHistory[] = [
  {
    name: 'a section with a gap in it is stored up to the gap (seed 91)',
    operations:
      'open:fyr3v3 open:19fduch open:mie5t3 open:thhnhs up:13yzsoy close:1jcoclc edit:13gglxc disconnect:6kl2p close:1tvjo7l edit:1ggbfxb remount:1v02y8b edit:13gecaj',
  },
]
