import type { RoomName } from '@roomful/shared'
import { deliver } from './deliver.ts'
import { LogError } from './log-error.ts'
import { encodePosition, parsePosition } from './position.ts'
import type { RedisJob, RedisReply } from './redis-commands.ts'
import { parseFeedMessage, parsePayload } from './redis-entry.ts'
import { floorOf, newerFormat, readHead, REDIS_FORMAT, type RedisHead } from './redis-head.ts'
import type { RoomKeys } from './redis-keys.ts'
import { appendCall, compactRoom, isLost, renewRoom, type Asked, type Found } from './redis-room-calls.ts'
import { RedisHoles } from './redis-holes.ts'
import { RedisLooks } from './redis-looks.ts'
import { RedisListing } from './redis-listing.ts'
import { RedisOrder } from './redis-order.ts'
import { RedisOutbox, type StoredBatch } from './redis-outbox.ts'
import { refusalIn, type Phase } from './log-phase.ts'
import { countOf, listOf, textOf } from './redis-reply.ts'
import type { RedisRoomOwner } from './redis-room-owner.ts'
import { RedisRoomPresence } from './redis-room-presence.ts'
import { readRoom } from './redis-stream.ts'
import { isOwnFault } from './redis-trouble.ts'
import type {
  EntryMeta,
  Fence,
  ForeignDesk,
  LogEntry,
  LogHead,
  LogSink,
  Position,
  RoomLog,
  Snapshot,
} from './room-log.ts'
import { YRedisPeer, type YRedisSettings } from './yredis-peer.ts'

/** One open room of the Redis log. */
export class RedisRoom implements RoomLog {
  readonly room: RoomName
  readonly keys: RoomKeys
  readonly yredis: YRedisSettings['mode']
  /** The room's list in y-redis's layout. */
  readonly peer: YRedisPeer
  readonly #sink: LogSink
  readonly #owner: RedisRoomOwner
  readonly #outbox: RedisOutbox
  readonly #order: RedisOrder
  readonly #holes: RedisHoles
  readonly #looks: RedisLooks
  readonly #listing: RedisListing
  /** Who is present elsewhere. */
  readonly presence: RedisRoomPresence
  #head: LogHead
  /** Whether anything is stored; before, the epoch is only a proposal. */
  #isBorn: boolean
  /** What this instance has compacted away, and what was before the room was opened. */
  #readFloor: number
  #phase: Phase = 'open'
  /** Answers of before a rewind mean nothing. */
  #era = 0
  #isRewinding = false
  #isTrimmable = false
  /** Redis takes nothing of this room, for a reason that lies in what is stored of it. */
  #isRefused = false
  /** The last sequence number anybody told of. */
  #told = 0
  #ended: Promise<void> | undefined

  constructor(
    room: RoomName,
    keys: RoomKeys,
    stored: RedisHead | undefined,
    sink: LogSink,
    owner: RedisRoomOwner & { readonly writer: string },
  ) {
    this.room = room
    this.keys = keys
    this.#sink = sink
    this.#owner = owner
    this.#outbox = new RedisOutbox(owner.writer)
    this.#listing = new RedisListing(owner.rooms, room)
    this.#isBorn = stored !== undefined
    this.#head = stored?.head ?? { generation: 0, epoch: owner.mintEpoch(), upTo: encodePosition(0) }
    this.#readFloor = floorOf(stored)
    this.presence = new RedisRoomPresence({
      channel: keys.channel,
      self: owner.instance,
      sink,
      isReady: () => this.isReachable && this.isUsable,
      wake: () => owner.wake(this),
      heardOf: (instance) => owner.heardOf(instance),
      superseded: (count) => (owner.counts.superseded += count),
    })
    this.#order = new RedisOrder(stored?.last ?? 0, stored?.token ?? '', {
      deliver: ({ entry }) => {
        owner.touched(this)
        deliver(this.#sink, entry)
      },
      forked: () => this.#looks.wantAnew(),
    })
    this.#looks = new RedisLooks({
      keys,
      reader: owner.writer,
      read: () => {
        const { last, token } = this.#order
        return { last, token, wasBorn: this.#isBorn }
      },
      era: () => this.#era,
      wake: () => owner.wake(this),
      failed: (error) => this.#failed(error),
      looked: (found, asked, isCheck) => {
        if (!this.#isOver()) this.#looked(found, asked, isCheck)
      },
    })
    this.#holes = new RedisHoles({
      ...owner,
      room,
      keys,
      order: this.#order,
      filled: () => (owner.counts.holes += 1),
      suspected: () => this.check(),
      forked: () => this.#looks.wantAnew(),
      settled: () => this.#outbox.settle(this.#order.last),
      isOver: () => this.#isOver(),
      trimmed: () => void this.#rewind(undefined),
      corrupt: (error) => sink.onGap(error),
    })
    this.yredis = owner.yredis.mode
    this.peer = new YRedisPeer({
      ...owner,
      ...owner.yredis,
      room: () => ({ room, keys, head: this.#head, isBorn: this.#isBorn }),
      found: (epoch) => {
        if (epoch !== this.#head.epoch && !this.#adopt(epoch)) this.check()
      },
    })
  }

  get head(): LogHead {
    return this.#head
  }

  get isUsable(): boolean {
    return this.#phase === 'open'
  }

  /** Whether the server that holds it is there. */
  get isReachable(): boolean {
    return this.#owner.connection.reaches(this.keys.meta)
  }

  /** Names this opening of the room in Redis, as writer and as reader. */
  get writer(): string {
    return this.#outbox.writer
  }

  /** The last entry that was read, own ones included. */
  get lastRead(): { readonly last: number; readonly token: string } {
    return this.#order
  }

  /** Whether a compaction has left entries to drop, as far as known. */
  get isTrimmable(): boolean {
    return this.#isTrimmable
  }

  read(after: Position): AsyncIterable<LogEntry> {
    const refusal = refusalIn(this.#phase, this.room)
    const from = Math.max(parsePosition(after) ?? 0, this.#readFloor)
    const { connection } = this.#owner
    const { room, keys } = this
    const { last, token } = this.#order
    const seen = { last, token, wasBorn: this.#isBorn }
    return readRoom({ connection, keys, room }, from, seen, refusal)
  }

  append(update: Uint8Array, meta: EntryMeta): Promise<Position> {
    const refusal = refusalIn(this.#phase, this.room)
    if (refusal !== undefined) return Promise.reject(refusal)
    const appended = this.#outbox.push(update, meta)
    this.#owner.wake(this)
    return appended
  }

  admitForeign(desk: ForeignDesk): Promise<void> {
    const refusal = refusalIn(this.#phase, this.room)
    return refusal === undefined ? this.peer.begin(desk) : Promise.reject(refusal)
  }

  get isHeard(): boolean {
    return this.presence.isHeard
  }

  broadcastAwareness(bytes: Uint8Array, isSaidOnce = false): void {
    this.presence.broadcast(bytes, isSaidOnce)
  }

  async compact(snapshot: Snapshot, fence: Fence): Promise<void> {
    const refusal = refusalIn(this.#phase, this.room)
    if (refusal !== undefined) throw refusal
    const era = this.#era
    const { connection } = this.#owner
    const compacted = await compactRoom(connection, this, snapshot, fence)
    // what holds since a rewind is known already
    if (era === this.#era) this.#head = { ...this.#head, upTo: encodePosition(compacted.present) }
    if (compacted.refusal !== undefined) throw compacted.refusal
    if (era === this.#era) this.#readFloor = Math.max(this.#readFloor, compacted.present)
  }

  leave(): Promise<void> {
    return this.#end('left')
  }

  /** The backend closes under an open room: as leaving, with the other reason. */
  closeBackend(): Promise<void> {
    return this.#end('closed')
  }

  /** From now on everything is refused; what was appended before still settles and is delivered. */
  markDeleted(): void {
    if (this.#phase === 'open') this.#phase = 'deleted'
    this.peer.close()
  }

  /** Resolves once nothing of what was appended is pending. */
  settled(): Promise<void> {
    return this.#outbox.idle()
  }

  /** What was not stored never will be. */
  giveUp(error: LogError): void {
    this.#outbox.rejectAll(error)
  }

  /** What to ask Redis now. */
  takeJobs(): readonly RedisJob[] {
    const failed = (error: Error): void => this.#failed(error)
    const jobs = this.presence.takeJobs(failed)
    this.#owner.counts.presence += jobs.length
    if (this.#isRewinding) return jobs
    const look = this.#looks.takeJob()
    if (look !== undefined) jobs.push(look)
    const batch = this.#looks.isChecked ? this.#outbox.takeBatch() : undefined
    if (batch !== undefined) this.#listing.want()
    jobs.push(...this.#listing.takeJobs(failed))
    if (batch !== undefined) {
      const call = appendCall(this, batch, this.#isBorn)
      const era = this.#era
      const sentAt = performance.now()
      jobs.push({
        call,
        answered: (reply) => {
          if (era === this.#era) this.#appended(reply, sentAt)
          // numbered in a log that is no more: the next call finds out whether this one holds it
          else this.#outbox.failed()
        },
      })
    }
    return jobs
  }

  /** The connection is new: whether this is still the log that was read has to be seen before anything is stored. */
  reconnected(): void {
    this.presence.renew()
    this.#looks.wantAnew()
  }

  /** Looks whether something was missed. `registers`: tells the others how far this reader is. */
  check(registers = false): void {
    this.#looks.want(registers)
  }

  /** A message of the room's channel. */
  heard(bytes: Buffer): void {
    const message = parseFeedMessage(bytes)
    if (message === undefined || this.#isOver()) return
    if (message.kind === 'changed') return this.check()
    if (message.kind === 'presence') return this.presence.heard(message.what, message.instance, message.bytes)
    if (message.listed !== undefined) this.peer.heardListed(message.listed)
    // own entries come with their answer
    if (this.#outbox.isOwn(message.author)) return
    if (message.epoch !== this.#head.epoch && !this.#adopt(message.epoch)) return this.check()
    this.#isBorn = true
    this.#told = Math.max(this.#told, message.last)
    for (const stored of parsePayload(message)) this.#order.take(stored)
    this.#outbox.settle(this.#order.last)
    // either its predecessor never came, or it is too large to be published, or it stands behind something else
    if (message.last > this.#order.last) this.check()
  }

  /** A look tells whether Redis answers again; with it comes what is to be said again. */
  #failed(error: Error): void {
    this.#looks.again()
    this.#refused(error)
  }

  #refused(error: Error): void {
    // nobody else is told of it: this room's log says so, once
    if (isOwnFault(error) && !this.#isRefused) this.#sink.onGap(error)
    this.#isRefused = isOwnFault(error)
    this.#owner.failed(this, error)
  }

  /** @param isCheck nothing may be stored before this is answered. */
  #looked(found: Found | undefined, asked: Asked, isCheck: boolean): void {
    if (found !== undefined && found.generation > this.#head.generation) return this.#deletedElsewhere()
    if (found !== undefined && found.epoch !== this.#head.epoch && !this.#adopt(found.epoch)) {
      void this.#rewind(found)
      return
    }
    if (isLost(found, asked)) {
      void this.#rewind(found)
      return
    }
    this.#isTrimmable = found?.isTrimmable ?? false
    if (isCheck) {
      this.#looks.trust()
      this.#owner.wake(this)
    }
    this.presence.answered()
    if (this.#outbox.isEmpty) {
      this.#isRefused = false
      this.#owner.answered(this)
    }
    if (found === undefined || found.last <= this.#order.last) return
    if (!isCheck && found.last > this.#told) this.#owner.counts.healed += 1
    void this.#holes.fill()
  }

  #appended(reply: RedisReply, sentAt: number): void {
    const [kind, number, front, token] = listOf(reply)
    const [last, before] = [countOf(number) ?? 0, textOf(front) ?? '']
    switch (textOf(kind)) {
      case 'stored':
        // numbers that were read already: this may be an older copy
        if (last <= this.#order.last) this.#looks.wantAnew()
        return this.#stored({ last, before }, sentAt)
      case 'known':
        return this.#stored({ last, before, author: textOf(token)?.split(':', 1)[0] }, sentAt)
      case 'other':
        this.#outbox.failed()
        return this.#looks.wantAnew()
      case undefined:
      default: {
        this.#outbox.failed()
        this.#refused(reply instanceof Error ? reply : newerFormat(REDIS_FORMAT + 1))
      }
    }
  }

  #stored(batch: StoredBatch, sentAt: number): void {
    this.#isBorn = true
    this.#isRefused = false
    this.#owner.stored(performance.now() - sentAt)
    this.#told = Math.max(this.#told, batch.last)
    for (const stored of this.#outbox.stored(batch)) this.#order.take(stored)
    this.#outbox.settle(this.#order.last)
    if (!this.#outbox.isEmpty) this.#owner.wake(this)
    if (this.#order.hasHole) this.#holes.fillSoon()
  }

  /** Nothing was stored when this room was opened, so that whatever is found is its log. */
  #adopt(epoch: string): boolean {
    if (this.#isBorn) return false
    this.#isBorn = true
    this.#head = { ...this.#head, epoch }
    return true
  }

  #deletedElsewhere(): void {
    const refusal = new LogError('deleted', `room ${this.room} was deleted`)
    this.#phase = 'deleted'
    this.peer.close()
    this.#outbox.rejectAll(refusal)
    this.#sink.onDeleted()
  }

  /** What is stored is not what was read: from here on positions are those of what is stored. */
  async #rewind(found: Found | undefined): Promise<void> {
    if (this.#isRewinding || this.#isOver()) return
    this.#isRewinding = true
    this.#looks.doubt()
    this.#era += 1
    this.#holes.hold()
    this.#owner.counts.rewinds += 1
    const { connection } = this.#owner
    try {
      const isStale = found !== undefined && found.generation < this.#head.generation
      if (found === undefined || found.epoch === this.#head.epoch || isStale)
        await renewRoom(connection, this, found?.epoch ?? '', this.#owner.mintEpoch())
      const stored = await readHead(connection, this.keys, this.room)
      if (stored === undefined || this.#isOver()) return
      if (stored.head.generation > this.#head.generation) return this.#deletedElsewhere()
      this.#head = stored.head
      this.#readFloor = floorOf(stored)
      this.#order.restart(stored.last, stored.token)
      this.#told = stored.last
      this.#outbox.rewound(stored.last)
      this.#isBorn = true
      this.#owner.touched(this)
      this.#listing.forget()
      this.#looks.trust()
      this.#sink.onRewound(stored.head)
      this.peer.rewound()
    } catch (error) {
      // after a while the look finds what this one found
      this.#looks.again()
      this.#refused(error instanceof Error ? error : new Error(String(error)))
    } finally {
      this.#isRewinding = false
      this.#holes.release()
      if (this.#looks.isChecked) this.check()
    }
  }

  /** Once, however often it is asked for. */
  #end(phase: Phase): Promise<void> {
    if (this.#phase === 'open') this.#phase = phase
    this.#ended ??= this.#settleAndLeave()
    return this.#ended
  }

  async #settleAndLeave(): Promise<void> {
    this.peer.close()
    await this.#outbox.idle()
    this.#holes.close()
    const { connection } = this.#owner
    // in this order: what is known elsewhere of who was here, then that nobody is here any more
    if (this.isReachable) await connection.run(this.presence.takeLastCalls())
    this.#owner.left()
  }

  /** Nothing is delivered any more. */
  #isOver(): boolean {
    return this.#phase !== 'open' && this.#outbox.isEmpty
  }
}
