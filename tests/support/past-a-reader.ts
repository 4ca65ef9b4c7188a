import { decodeMessage, encodeSyncStatus, encodeUpdate } from '@roomful/shared'
import * as Y from 'yjs'
import { readRss } from './process-memory.ts'
import { openRaw, type RawSocket } from './raw-socket.ts'
import { readMetric, type ServerProcess } from './test-server.ts'
import { waitFor } from './wait.ts'

const MB = 1_000_000
/** One update of the traffic: a value that takes the place of an older one, so that the document stays small. */
const UPDATE_BYTES = 100_000
/** Updates that are on their way at once. */
const PER_ROUND = 10

/** What was seen while traffic went past. */
export interface Passed {
  readonly medianRss: number
  /** Of the second half: what comes and goes (a compaction's thread) is not in it, what is held is. */
  readonly leastRss: number
  readonly peakRss: number
  readonly peakBuffered: number
}

/** A writer, somebody who reads and somebody who may stop reading, in one room of a server process. */
export class Traffic {
  readonly writer: RawSocket
  readonly reader: RawSocket
  readonly slow: RawSocket
  readonly doc: Y.Doc = new Y.Doc()
  /** Everything the slow one was sent. */
  readonly slowCopy: Y.Doc = new Y.Doc()
  readonly #server: ServerProcess
  #sent = 0

  private constructor(server: ServerProcess, writer: RawSocket, reader: RawSocket, slow: RawSocket) {
    this.#server = server
    this.writer = writer
    this.reader = reader
    this.slow = slow
    this.doc.on('update', (update: Uint8Array) => writer.send(encodeUpdate(update)))
    slow.ws.on('message', (frame: Buffer) => {
      const message = decodeMessage(new Uint8Array(frame))
      if (message?.type === 'sync-step2' || message?.type === 'update')
        Y.applyUpdate(this.slowCopy, message.update)
    })
  }

  static async start(server: ServerProcess, room = 'traffic'): Promise<Traffic> {
    const open = (): Promise<RawSocket> => openRaw(`${server.wsUrl}/${room}`)
    return new Traffic(server, await open(), await open(), await open())
  }

  /**
   * Sends so many MB, each round once the last one was acknowledged and seen by the reader. `look`: how the server's memory is
   * read, each tenth round.
   */
  async pass(
    megabytes: number,
    look: () => number | Promise<number> = () => readRss(this.#server.pid),
  ): Promise<Passed> {
    let peakBuffered = 0
    const rss: number[] = []
    for (let round = 0; round < (megabytes * MB) / UPDATE_BYTES / PER_ROUND; round++) {
      for (let n = 0; n < PER_ROUND; n++) {
        this.#sent += 1
        this.doc.getMap('values').set(`key-${this.#sent % 3}`, `${this.#sent} ${'x'.repeat(UPDATE_BYTES)}`)
      }
      for (const socket of [this.writer, this.reader, this.slow]) forget(socket)
      this.writer.send(encodeSyncStatus(Uint8Array.of(1)))
      await this.writer.next('sync-status')
      if (round % 10 === 0) rss.push(await look())
      if (round % 20 === 0)
        peakBuffered = Math.max(peakBuffered, await readMetric(this.#server.url, 'roomful_send_buffer_bytes'))
    }
    const leastRss = Math.min(...rss.slice(rss.length >> 1))
    rss.sort((a, b) => a - b)
    return { medianRss: rss[rss.length >> 1] ?? 0, leastRss, peakRss: rss.at(-1) ?? 0, peakBuffered }
  }

  /** Waits until the slow one holds what the writer holds, by what it was sent on its one socket alone. */
  async converges(): Promise<void> {
    const expected = JSON.stringify(this.doc.getMap('values').toJSON())
    await waitFor(
      'the slow reader to have everything',
      () => JSON.stringify(this.slowCopy.getMap('values').toJSON()) === expected,
    )
  }

  close(): void {
    for (const socket of [this.writer, this.reader, this.slow]) socket.ws.terminate()
  }
}

/** 200 MB must not pile up in the test either. */
function forget(socket: RawSocket): void {
  for (const list of [socket.frames, socket.messages] as unknown[][]) list.length = 0
}
