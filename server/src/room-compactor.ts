/** A room's document as one verified snapshot. */
export interface CompactionResult {
  /** One Yjs update (format v1): a second fresh document loaded it and showed the same content. */
  readonly snapshot: Uint8Array
  /** Encoded Yjs state vector of the snapshot. */
  readonly stateVector: Uint8Array
  /** Digest of what is visible (room-log.md section 6): what clients compare with. Without it they compare less. */
  readonly digest?: readonly [number, number] | undefined
  /** `meta.title` of the document, where it is a string. */
  readonly title?: string | undefined
}

/**
 * Rebuilds documents outside the room's thread. `compact` rejects when the bytes do not load cleanly, when the result does
 * not verify, or when the worker died or took too long; the next call works again. Calls may overlap; they are queued.
 */
export interface Compactor {
  /** `update` is only read. */
  compact(update: Uint8Array): Promise<CompactionResult>
  /** Rejects what is queued. Idempotent. */
  close(): Promise<void>
}
