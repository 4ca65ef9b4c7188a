import { randomBytes } from 'node:crypto'
import { Chat, presenceOf } from '@roomful/provider'
import {
  createUser,
  encodeQueryAwareness,
  encodeSyncStatus,
  encodeSyncStep1,
  encodeUpdate,
  roomDoc,
} from '@roomful/shared'
import * as Y from 'yjs'
import { clientFrame, flood } from '../flood.ts'
import type { Random } from '../random.ts'
import { openRaw, type RawSocket } from '../raw-socket.ts'
import { connectRoomful, type RoomfulClient } from '../roomful-client.ts'
import { idleFor } from '../wait.ts'

/** People who stay. */
const RESIDENTS = 6
/**
 * Residents move to new rooms so often, and visitors after so many: the old ones are unloaded. A room that is written in for ever
 * grows by right, by what is deleted, too.
 */
const STAY_MS = 60_000
const VISITS = 20
/** So many times as fast while it hurries. */
const HURRY = 4

/** Mixed load on one server, until it is stopped. */
export class SoakLoad {
  readonly #wsUrl: string
  readonly #random: Random
  readonly #hurryMs: number
  #residents: readonly RoomfulClient[] = []
  #stay = -1
  readonly #startedAt = Date.now()
  #isOver = false
  #work: Promise<void>[] = []
  /** How often each kind of work was done. */
  readonly counts: Record<'edits' | 'visits' | 'slow' | 'hostile', number> = {
    edits: 0,
    visits: 0,
    slow: 0,
    hostile: 0,
  }

  private constructor(wsUrl: string, random: Random, hurryMs: number) {
    this.#wsUrl = wsUrl
    this.#random = random
    this.#hurryMs = hurryMs
  }

  /** @param hurryMs so long it hurries: the process finds its size sooner. */
  static start(wsUrl: string, random: Random, hurryMs: number): SoakLoad {
    const load = new SoakLoad(wsUrl, random, hurryMs)
    load.#work = [
      load.#loop(40, () => load.#live()),
      load.#loop(250, () => load.#visit()),
      load.#loop(900, () => load.#readSlowly()),
      load.#loop(500, () => load.#attack()),
    ]
    return load
  }

  /** Everybody leaves. */
  async stop(): Promise<void> {
    this.#isOver = true
    await Promise.all(this.#work)
    for (const resident of this.#residents) resident.destroy()
  }

  async #loop(everyMs: number, run: () => Promise<void>): Promise<void> {
    while (!this.#isOver) {
      await run()
      const isHurrying = Date.now() - this.#startedAt < this.#hurryMs
      await idleFor(isHurrying ? everyMs / HURRY : everyMs)
    }
  }

  /** The stay we are in; its residents are in their rooms. */
  #currentStay(): number {
    const stay = Math.floor((Date.now() - this.#startedAt) / STAY_MS)
    if (stay !== this.#stay) {
      this.#stay = stay
      this.#moveResidents()
    }
    return stay
  }

  #moveResidents(): void {
    for (const resident of this.#residents) resident.destroy()
    this.#residents = Array.from({ length: RESIDENTS }, (_, index) => {
      const user = createUser(`resident-${index}`, `Resident ${index}`, '#1c75d6')
      return connectRoomful(this.#wsUrl, `soak-${this.#stay}-${index % 2}`, { user })
    })
  }

  /** Somebody who stays types, moves, says something. */
  async #live(): Promise<void> {
    this.#currentStay()
    const resident = this.#random.pick(this.#residents)
    if (resident === undefined) return
    this.counts.edits += 1
    const { doc, provider } = resident
    const { note, chat } = roomDoc(doc)
    presenceOf(provider).setPointer({ x: this.#random.int(100) / 100, y: this.#random.int(100) / 100 })
    if (this.#random.chance(0.01)) note.delete(0, note.length)
    note.insert(this.#random.int(note.length + 1), this.#random.pick(['word ', 'x', 'longer words ']) ?? '')
    if (this.#random.chance(0.1)) new Chat(provider).send('hello')
    if (this.#random.chance(0.01)) chat.delete(0, chat.length)
    if (this.#random.chance(0.02)) resident.cut()
  }

  /** Somebody comes for a moment, reads, writes and goes: politely or not. */
  async #visit(): Promise<void> {
    const socket = await this.#open()
    this.counts.visits += 1
    socket.send(encodeSyncStep1(Uint8Array.of(0)))
    await socket.next('sync-step2')
    // as much as makes the log's buffers go round many times
    write(socket, 'visited'.repeat(1_000))
    socket.send(encodeSyncStatus(Uint8Array.of(1)))
    await socket.next('sync-status')
    if (this.#random.chance(0.5)) socket.close()
    else socket.ws.terminate()
  }

  /** Somebody asks for everything and takes a break. */
  async #readSlowly(): Promise<void> {
    const socket = await this.#open(`soak-${this.#currentStay()}-0`)
    this.counts.slow += 1
    socket.ws.pause()
    for (let n = 0; n < 5; n++) socket.send(encodeSyncStep1(Uint8Array.of(0)))
    await idleFor(500)
    socket.ws.resume()
    await socket.next('sync-step2')
    socket.ws.terminate()
  }

  /** Somebody who means ill. */
  async #attack(): Promise<void> {
    const socket = await this.#open(`soak-${this.#currentStay()}-1`)
    this.counts.hostile += 1
    switch (this.#random.int(5)) {
      case 0:
        socket.send(randomBytes(200))
        break
      case 1:
        socket.sendText('text')
        break
      case 2:
        flood(socket, Buffer.concat(Array.from({ length: 500 }, () => clientFrame(encodeQueryAwareness()))))()
        break
      case 3:
        flood(socket, Buffer.concat(Array.from({ length: 500 }, () => clientFrame(new Uint8Array(0), 9))))()
        break
      default:
        // a large frame that is never finished
        flood(socket, clientFrame(new Uint8Array(1_000_000)).subarray(0, 300_000))()
    }
    await idleFor(200)
    socket.ws.terminate()
  }

  #open(room = `visit-${Math.floor(this.counts.visits / VISITS)}`): Promise<RawSocket> {
    return openRaw(`${this.#wsUrl}/${room}${this.#random.chance(0.5) ? '?v=1' : ''}`)
  }
}

function write(socket: RawSocket, text: string): void {
  const doc = new Y.Doc()
  doc.getText('note').insert(0, text)
  socket.send(encodeUpdate(Y.encodeStateAsUpdate(doc)))
}
