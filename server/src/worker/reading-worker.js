// @ts-check
import { parentPort } from 'node:worker_threads'

/** Node 20 reads no TypeScript: from source it goes through the loader that development has anyway. */
const isSource = import.meta.url.includes('/src/worker/')
const { answerComparing, answerReading } = isSource ? await fromSource() : await import('./reading.js')

/** @returns {Promise<typeof import('./reading.js')>} */
async function fromSource() {
  const { tsImport } = await import('tsx/esm/api')
  return tsImport('./reading.ts', import.meta.url)
}

/** @typedef {import('../update-reader.ts').ReadRequest} ReadRequest */
/** @typedef {import('../room/compare-units.ts').UnitsToCompare} UnitsToCompare */
/** @typedef {{ id: number, units?: UnitsToCompare } & ReadRequest} Question */

/** Entry of the reading thread: `{ id, …request }` or `{ id, units }` in, `{ id, ok, … }` out, one at a time. */
parentPort?.on('message', (/** @type {Question} */ { id, units, ...request }) => {
  try {
    const { answer, transfer } =
      units === undefined ? answerReading(request) : { answer: answerComparing(units), transfer: [] }
    parentPort?.postMessage({ id, ok: true, result: answer }, transfer)
  } catch (error) {
    // a fault of ours: the room is told, the thread goes on
    const message = error instanceof Error ? error.message : String(error)
    parentPort?.postMessage({ id, ok: false, message })
  }
})
