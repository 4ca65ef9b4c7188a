// @ts-check
import { parentPort } from 'node:worker_threads'
import { compact } from './compact.js'

/** Entry of the compaction thread: `{ id, update }` in, `{ id, ok, … }` out, one at a time. */
parentPort?.on('message', (/** @type {{ id: number, update: Uint8Array }} */ { id, update }) => {
  try {
    const result = compact(update)
    // the bytes change hands: nothing of 25 MB is copied twice
    parentPort?.postMessage({ id, ok: true, result }, [/** @type {ArrayBuffer} */ (result.snapshot.buffer)])
  } catch (error) {
    // Yjs throws on what it cannot read: the room is told, the thread goes on
    parentPort?.postMessage({
      id,
      ok: false,
      message: error instanceof Error ? error.message : String(error),
    })
  }
})
