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
    name: 'a stored section ends before a gap, so that the bytes load with nothing pending (seed 2107 before 2c7ef4d)',
    operations:
      'open:c81vun open:1karzm edit:5sko1 edit:20at6e edit:q37trm up:1ag9noa copy:154pa8d open:1aqatv9 edit:1jy137v start:jfa07v up:19exf3g tabs:ljzshx',
  },
  {
    name: 'a newcomer may delete format marks that format nothing, and everybody follows (seed 8639)',
    operations:
      'start:fy9z49 open:1ni68at open:fxtrx5 edit:1bik5wk edit:t9xdij edit:vr86hr flush:dlapd5 edit:kclcd9 edit:5sax33 flush:177h802 edit:b0cngc',
  },
]
