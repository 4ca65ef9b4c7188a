import type { CompactionResult } from '../room-compactor.ts'

/** See compact.js: rebuilds and verifies a document. Throws where the update does not load or the result does not hold. */
export declare function compact(update: Uint8Array): CompactionResult
