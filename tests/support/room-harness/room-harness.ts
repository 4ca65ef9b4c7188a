import { DEFAULT_LIMITS, type Limits, type RoomName } from '@roomful/shared'
import type { LogBackend } from '../../../server/src/log/room-log.ts'
import { ProcessBounds } from '../../../server/src/process-bounds.ts'
import type { Compactor } from '../../../server/src/room-compactor.ts'
import { SILENT_EVENTS, type RoomEvents } from '../../../server/src/room-events.ts'
import { Room } from '../../../server/src/room.ts'
import type { UpdateReader } from '../../../server/src/update-reader.ts'
import { compact } from '../../../server/src/worker/compact.js'
import { SimClock } from '../simulator/sim-clock.ts'
import { FakeMember, type MemberFacts } from './fake-member.ts'
import { HeldLog } from './held-log.ts'

/** What a test may choose of its room. */
export interface HarnessOptions {
  readonly log?: HeldLog
  readonly instanceId?: string
  readonly limits?: Partial<Limits>
  readonly compactor?: Compactor
  /** From here on updates are admitted in slices; default: never, everything is taken in its turn. */
  readonly largeUpdateBytes?: number
  /** Default: in this thread. */
  readonly reader?: UpdateReader
}

/** Compaction in this thread. */
export const inlineCompactor: Compactor = {
  compact: async (update) => compact(update),
  close: async () => undefined,
}

/** Counts every event by name, and by its first argument where that is a word. */
export function countEvents(counts: Map<string, number>): RoomEvents {
  return new Proxy(SILENT_EVENTS, {
    get:
      (_target, name) =>
      (first: unknown): void => {
        const key = typeof first === 'string' ? `${String(name)}:${first}` : String(name)
        counts.set(key, (counts.get(key) ?? 0) + 1)
        if (name === 'failed') throw first
      },
  })
}

/** A room with time, storage and connections in a test's hand. */
export class RoomHarness {
  readonly clock: SimClock
  readonly log: HeldLog
  readonly room: Room
  readonly counts: Map<string, number>

  private constructor(clock: SimClock, log: HeldLog, room: Room, counts: Map<string, number>) {
    this.clock = clock
    this.log = log
    this.room = room
    this.counts = counts
  }

  /** @param rooms the real ones, or a mutant of them */
  static async open(
    options: HarnessOptions = {},
    rooms: Pick<typeof Room, 'open'> = Room,
  ): Promise<RoomHarness> {
    const clock = new SimClock()
    const log = options.log ?? new HeldLog()
    const counts = new Map<string, number>()
    const limits = { ...DEFAULT_LIMITS, ...options.limits }
    const opening = rooms.open({
      name: 'test-room' as RoomName,
      backend: log as LogBackend,
      clock,
      compactor: options.compactor ?? inlineCompactor,
      limits,
      bounds: new ProcessBounds(limits),
      instanceId: options.instanceId ?? 'here',
      events: countEvents(counts),
      largeUpdateBytes: options.largeUpdateBytes ?? Infinity,
      ...(options.reader === undefined ? {} : { reader: options.reader }),
      sliceBudget: { sections: 2, structs: 3, ranges: 2 },
    })
    await pumpUntilSettled(clock, opening)
    return new RoomHarness(clock, log, await opening, counts)
  }

  /** A joined connection; what the join sent was taken already unless `keepsJoin`. */
  join(facts: MemberFacts = {}, keepsJoin = false): FakeMember {
    const member = new FakeMember(facts)
    this.room.join(member)
    if (!keepsJoin) member.take()
    return member
  }

  receive(member: FakeMember, ...frames: Uint8Array[]): void {
    for (const frame of frames) this.room.receive(member, frame)
  }

  /** Ends turns until nothing is left to say. */
  turn(): void {
    while (this.clock.turnPending) this.clock.endTurn()
  }

  /** Lets time pass, timers run in order, each followed by its turn. */
  advance(ms: number): void {
    for (let left = ms; left > 0;) {
      left = this.clock.advance(left)
      this.turn()
    }
    this.turn()
  }

  /** Lets promises settle and the turns they ask for end. */
  async settle(): Promise<void> {
    for (let round = 0; round < 5; round += 1) {
      await new Promise((resolve) => setImmediate(resolve))
      this.turn()
    }
  }

  count(event: string): number {
    return this.counts.get(event) ?? 0
  }
}

async function pumpUntilSettled(clock: SimClock, promise: Promise<unknown>): Promise<void> {
  let isSettled = false
  promise.then(
    () => (isSettled = true),
    () => (isSettled = true),
  )
  while (!isSettled) {
    await new Promise((resolve) => setImmediate(resolve))
    if (clock.turnPending) clock.endTurn()
  }
}
