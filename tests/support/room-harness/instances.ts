import { Awareness, applyAwarenessUpdate } from 'y-protocols/awareness'
import * as Y from 'yjs'
import type { FakeMember } from './fake-member.ts'
import { HeldLog } from './held-log.ts'
import { RoomHarness, type HarnessOptions } from './room-harness.ts'

/** Time goes on in all rooms alike, in steps. */
const STEP_MS = 10

/** The same room on several instances, that hear each other as over one log. */
export class Instances {
  readonly rooms: readonly RoomHarness[]
  readonly #paused = new Set<RoomHarness>()

  private constructor(rooms: readonly RoomHarness[]) {
    this.rooms = rooms
  }

  static async open(count: number, options: Pick<HarnessOptions, 'limits'> = {}): Promise<Instances> {
    const rooms: RoomHarness[] = []
    for (let index = 0; index < count; index += 1) {
      const log = new HeldLog()
      log.isHeard = true
      rooms.push(await RoomHarness.open({ ...options, log, instanceId: `i${index}` }))
    }
    return new Instances(rooms)
  }

  room(index: number): RoomHarness {
    const room = this.rooms[index]
    if (room === undefined) throw new Error(`there is no room ${index}`)
    return room
  }

  /** Neither hears nor speaks, and time does not pass there. */
  pause(index: number): void {
    this.#paused.add(this.room(index))
  }

  /** As the log does it then: everybody tells everything. */
  resume(index: number): void {
    this.#paused.delete(this.room(index))
    this.tellWhole()
  }

  /** The log has declared an instance gone. */
  gone(index: number): void {
    for (const room of this.#awake())
      if (room !== this.room(index)) room.log.sink?.onInstanceGone(`i${index}`)
    this.pump()
  }

  tellWhole(): void {
    for (const room of this.#awake()) room.log.broadcasts.push(room.room.wholePresence())
    this.pump()
  }

  /** Ends turns and delivers what they broadcast, in one order for all, until nothing is left. */
  pump(): void {
    for (let isBusy = true; isBusy;) {
      isBusy = false
      for (const room of this.#awake()) room.turn()
      for (const [index, room] of this.rooms.entries()) {
        if (this.#paused.has(room)) continue
        for (const bytes of room.log.broadcasts.splice(0)) {
          isBusy = true
          for (const other of this.#awake())
            if (other !== room) other.log.sink?.onAwareness(`i${index}`, bytes)
        }
      }
    }
  }

  advance(ms: number): void {
    for (let left = ms; left > 0; left -= STEP_MS) {
      for (const room of this.#awake()) room.advance(Math.min(STEP_MS, left))
      this.pump()
    }
  }

  #awake(): readonly RoomHarness[] {
    return this.rooms.filter((room) => !this.#paused.has(room))
  }
}

/** Who somebody sees, as a stock client keeps it, and who came and went. */
export class Onlooker {
  readonly #member: FakeMember
  readonly #awareness = new Awareness(new Y.Doc())
  /** `+id` and `-id`, in order. */
  readonly changes: string[] = []

  constructor(member: FakeMember) {
    this.#member = member
    this.#awareness.setLocalState(null)
    this.#awareness.on('change', ({ added, removed }: { added: number[]; removed: number[] }) => {
      this.changes.push(...added.map((id) => `+${id}`), ...removed.map((id) => `-${id}`))
    })
  }

  /** clientID → state. */
  get seen(): Map<number, unknown> {
    for (const { update } of this.#member.takeOf('awareness'))
      applyAwarenessUpdate(this.#awareness, update, 'room')
    return new Map(this.#awareness.getStates())
  }

  destroy(): void {
    this.#awareness.destroy()
  }
}
