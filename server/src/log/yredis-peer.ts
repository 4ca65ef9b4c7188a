import type { Clock } from '../clock.ts'
import { LogError } from './log-error.ts'
import { parsePosition } from './position.ts'
import type { RedisCall, RedisCommands, RedisReply } from './redis-commands.ts'
import { listOf, textOf } from './redis-reply.ts'
import { callScript } from './redis-script.ts'
import { unavailable } from './redis-trouble.ts'
import type { ForeignDesk } from './room-log.ts'
import {
  healList,
  importFromList,
  lookAtList,
  parseFoundList,
  type FoundList,
  type ListedEntry,
  type ListedRoom,
  type ListImport,
} from './yredis-calls.ts'
import { NO_OP, YREDIS_FREE_SCRIPT } from './yredis-lua.ts'
import type { YRedisMode } from './yredis-mode.ts'

/** Reads a whole list as y-redis itself does. */
export interface YRedisLoader {
  /** All of it as one update, and how many entries that was. Rejects where y-redis does. */
  load(name: string): Promise<{ readonly update: Uint8Array; readonly length: number }>
  close(): Promise<void>
}

/** Whether rooms are kept in y-redis's layout as well, and how. */
export interface YRedisSettings {
  readonly mode: YRedisMode
  readonly loader: YRedisLoader
}

/** What a peer takes from its room and its log. */
export interface YRedisPeerOwner extends YRedisSettings {
  readonly connection: RedisCommands
  readonly clock: Clock
  /** Key of the listing. */
  readonly rooms: string
  /** Names this opening of the room in Redis. */
  readonly writer: string
  /** As it is now. */
  room(): ListedRoom
  /** The log is stored under this epoch: it may be another one. */
  found(epoch: string): void
}

/** Entries read from the list at once. */
const CHUNK_ENTRIES = 64
/** Attempts to read a list through y-redis itself, and the pause behind the first, doubled behind each. */
const LOAD_ATTEMPTS = 3
const LOAD_PAUSE_MS = 100
/** After a failure, and while the room's own appends are on their way. */
const RETRY_MS = 1_000
const BUSY_MS = 50

/**
 * One room's list in y-redis's layout. What processes that use y-redis push is noticed by their message or at the next
 * poll, shown to the room, and appended to the log at most once whichever instance comes first; a list that shrank or that
 * lacks what the log holds is put right. Appends mirror themselves (`redis-lua-append.ts`).
 */
export class YRedisPeer {
  readonly #owner: YRedisPeerOwner
  #desk: ForeignDesk | undefined
  /** So many entries of the list are in the log, as far as heard. */
  #listed = 0
  /** The greatest length that listeners were told, as far as heard. */
  #published = 0
  #cut = 0
  #isRewound = false
  #counter = 1
  #isWanted = false
  #isBusy = false
  #isClosed = false
  #cancelRetry: (() => void) | undefined

  constructor(owner: YRedisPeerOwner) {
    this.#owner = owner
  }

  /** Whether its list is looked after. */
  get isBegun(): boolean {
    return this.#desk !== undefined && this.#owner.mode !== 'off' && !this.#isClosed
  }

  /** Takes over what is there, then goes on. Rejects with `unavailable`. */
  async begin(desk: ForeignDesk): Promise<void> {
    if (this.#owner.mode === 'off') return this.#free(desk)
    await this.#catchUp(await this.#look(false), desk, true)
    this.#desk = desk
    this.wake()
  }

  /** Looks at the list, and does what has to be done. */
  wake(): void {
    if (!this.isBegun) return
    this.#isWanted = true
    if (!this.#isBusy && this.#cancelRetry === undefined) void this.#run()
  }

  /** A message on y-redis's channel: the list has this length. */
  heardBell(message: Buffer): void {
    if (!(Number(message.toString('latin1')) <= this.#listed)) this.wake()
  }

  /** An append or an import has told how many entries of the list are in the log now. */
  heardListed(listed: number): void {
    this.#listed = listed
    this.#published = Math.max(this.#published, listed)
  }

  /** A look that rings for those who missed it; to be answered to {@link looked}. */
  pollCall(): RedisCall {
    return lookAtList(this.#owner.room().keys, true)
  }

  looked(reply: RedisReply): void {
    const found = parseFoundList(reply)
    if (found === undefined) return
    this.#note(found)
    if ((found.imported ?? 0) !== found.length || this.#disorder(found) !== undefined) this.wake()
  }

  /** The log is another one: what listeners were told may be more than the list holds. */
  rewound(): void {
    this.#isRewound = true
    this.wake()
  }

  close(): void {
    this.#isClosed = true
    this.#cancelRetry?.()
  }

  async #run(): Promise<void> {
    const desk = this.#desk
    if (desk === undefined) return
    this.#isBusy = true
    try {
      while (this.#isWanted && !this.#isClosed) {
        this.#isWanted = false
        const found = await this.#catchUp(await this.#look(false), desk, false)
        await this.#heal(found, desk)
      }
    } catch (error) {
      if (!this.#isClosed) {
        desk.failed(error instanceof Error ? error : new Error(String(error)))
        this.#wakeLater(RETRY_MS)
      }
    } finally {
      this.#isBusy = false
    }
  }

  #wakeLater(ms: number): void {
    this.#cancelRetry?.()
    this.#cancelRetry = this.#owner.clock.after(ms, () => {
      this.#cancelRetry = undefined
      this.wake()
    })
  }

  async #look(rings: boolean): Promise<FoundList> {
    const reply = await this.#ask(lookAtList(this.#owner.room().keys, rings))
    const found = parseFoundList(reply)
    if (found === undefined) throw this.#strange()
    this.#note(found)
    return found
  }

  #note(found: FoundList): void {
    this.#listed = found.imported ?? 0
    // only a cut makes it less: a store that came back empty or older does not know what listeners were told
    if (found.cut > this.#cut) this.#published = found.published
    this.#published = Math.max(found.published, this.#published)
    this.#cut = found.cut
    if (found.epoch !== '') this.#owner.found(found.epoch)
  }

  /** Takes over all that is not in the log yet. */
  async #catchUp(first: FoundList, desk: ForeignDesk, isFirst: boolean): Promise<FoundList> {
    let found = first
    while (found.length !== (found.imported ?? 0) && !this.#isClosed) {
      const { head } = this.#owner.room()
      if (found.epoch !== '' && found.epoch !== head.epoch)
        throw new LogError('unavailable', 'the stored log is another one: its list is read again')
      if (isFirst && found.imported === undefined) await this.#importWhole(found, desk)
      else await this.#importChunk(found, desk)
      found = await this.#look(false)
    }
    return found
  }

  /** A list from before this room was ever seen: through y-redis itself, and entry by entry where that fails. */
  async #importWhole(found: FoundList, desk: ForeignDesk): Promise<void> {
    const { clock, loader } = this.#owner
    const name = this.#owner.room().keys.bell
    for (let attempt = 0; attempt < LOAD_ATTEMPTS && !this.#isClosed; attempt += 1) {
      try {
        const { update, length } = await loader.load(name)
        const verdict = await desk.inspect(update)
        if (verdict.kind === 'refused') throw new Error(`y-redis made of its list: ${verdict.reason}`)
        const entries = verdict.kind === 'new' ? [{ index: length - 1, update: verdict.update }] : []
        await this.#take(this.#importOf(found, length, entries), desk)
        return
      } catch (error) {
        desk.failed(error instanceof Error ? error : new Error(String(error)))
        await new Promise<void>((resolve) => clock.after(LOAD_PAUSE_MS * 2 ** attempt, resolve))
      }
    }
    await this.#importChunk(found, desk)
  }

  async #importChunk(found: FoundList, desk: ForeignDesk): Promise<void> {
    const from = found.imported ?? 0
    const { keys } = this.#owner.room()
    const reply = await this.#ask({
      command: 'LRANGE',
      args: [keys.list, from, from + CHUNK_ENTRIES - 1],
    })
    const entries: ListedEntry[] = []
    const refused = new Map<number, string>()
    let index = from
    for (const update of listOf(reply)) {
      if (Buffer.isBuffer(update) && !update.equals(NO_OP)) {
        const verdict = await desk.inspect(update)
        if (verdict.kind === 'new') entries.push({ index, update: verdict.update })
        else if (verdict.kind === 'refused') refused.set(index, verdict.reason)
      }
      index += 1
    }
    // it shrank meanwhile: the next look says so
    if (index === from) return
    const isTaken = await this.#take(this.#importOf(found, index, entries, [...refused.keys()]), desk)
    if (!isTaken) return
    for (const [at, reason] of refused)
      desk.quarantined(new Error(`entry ${at} of the list ${keys.list} was emptied: ${reason}`))
  }

  #importOf(
    found: FoundList,
    to: number,
    entries: readonly ListedEntry[],
    refused: readonly number[] = [],
  ): ListImport {
    const { clock, writer } = this.#owner
    const counter = this.#counter
    this.#counter += entries.length
    // another name than that of the room's own appends: its entries come back to this room as well
    return { found, to, entries, refused, writer: `${writer}y`, counter, at: clock.now() }
  }

  /** @returns whether it was this instance that took it. */
  async #take(taken: ListImport, desk: ForeignDesk): Promise<boolean> {
    const room = this.#owner.room()
    if (taken.entries.length > 0)
      await this.#ask({ command: 'ZADD', args: [this.#owner.rooms, 0, room.room] })
    const [kind] = listOf(await this.#ask(importFromList(room, taken)))
    switch (textOf(kind)) {
      case 'stored':
        this.#listed = taken.to
        if (taken.entries.length > 0) desk.imported(taken.entries.length)
        return true
      case 'moved':
        return false
      case 'other':
      case 'newer':
        throw new LogError('unavailable', `the stored log of room ${room.room} is another one`)
      case undefined:
      default:
        throw this.#strange()
    }
  }

  /** What is wrong with the list as it was found, all of which is in the log. */
  #disorder(found: FoundList): string | undefined {
    if (found.epoch === '' || (found.last === 0 && found.published === 0)) return undefined
    if (this.#owner.mode === 'auto' && found.listeners === 0) return undefined
    if (found.length < this.#published) return 'it was shorter than its listeners had been told'
    if (this.#isRewound) return 'the log is another one'
    return found.isInStep ? undefined : 'it lacked what the log holds'
  }

  async #heal(found: FoundList, desk: ForeignDesk): Promise<void> {
    const disorder = this.#disorder(found)
    if (disorder === undefined || this.#isClosed) return
    const room = this.#owner.room()
    if (found.epoch !== room.head.epoch) return
    const state = desk.state()
    const upTo = state === undefined ? undefined : parsePosition(state.upTo)
    if (state === undefined || upTo === undefined) return this.#wakeLater(BUSY_MS)
    const call = healList(room, found.length, this.#published, { update: state.update, upTo })
    const [kind] = listOf(await this.#ask(call))
    if (textOf(kind) !== 'done') return this.#wakeLater(BUSY_MS)
    this.#isRewound = false
    desk.healed(disorder)
  }

  async #free(desk: ForeignDesk): Promise<void> {
    const { keys } = this.#owner.room()
    const reply = await this.#ask(callScript(YREDIS_FREE_SCRIPT, [keys.meta, keys.list], []))
    if (textOf(reply) === 'kept')
      desk.failed(
        new Error(
          `${keys.list} is kept: it holds what the log lacks. Start once with YREDIS=live to take it over`,
        ),
      )
  }

  async #ask(call: RedisCall): Promise<RedisReply> {
    const [reply] = await this.#owner.connection.run([call])
    if (reply instanceof Error) throw unavailable(this.#owner.room().room, reply)
    return reply
  }

  #strange(): LogError {
    return new LogError('corrupt', `Redis answered strangely about ${this.#owner.room().keys.list}`)
  }
}

/** Looks at all lists in one write to each server. */
export function pollPeers(connection: RedisCommands, peers: readonly YRedisPeer[]): void {
  const jobs = peers
    .filter(({ isBegun }) => isBegun)
    .map((peer) => ({ call: peer.pollCall(), answered: (reply: RedisReply) => peer.looked(reply) }))
  if (jobs.length > 0) connection.send(jobs)
}
