// @ts-check
import { parentPort } from 'node:worker_threads'

/** Node 20 reads no TypeScript: from source it goes through the loader that development has anyway. */
const isSource = import.meta.url.includes('/src/worker/')
const { answerReading } = isSource ? await fromSource() : await import('./reading.js')

/** @returns {Promise<typeof import('./reading.js')>} */
async function fromSource() {
  const { tsImport } = await import('tsx/esm/api')
  return tsImport('./reading.ts', import.meta.url)
}

/** @typedef {import('../update-reader.ts').ReadRequest} ReadRequest */

/** Entry of the reading thread: `{ id, …request }` in, `{ id, ok, … }` out, one at a time. */
parentPort?.on('message', (/** @type {{ id: number } & ReadRequest} */ { id, ...request }) => {
  try {
    const { answer, transfer } = answerReading(request)
    parentPort?.postMessage({ id, ok: true, result: answer }, transfer)
  } catch (error) {
    // a fault of ours: the room is told, the thread goes on
    parentPort?.postMessage({
      id,
      ok: false,
      message: error instanceof Error ? error.message : String(error),
    })
  }
})
