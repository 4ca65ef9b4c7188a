import { parseRoomName, type RoomName } from '@roomful/shared'
import type { Clock } from '../../../server/src/clock.ts'
import type { LogBackend } from '../../../server/src/log/room-log.ts'
import type { Member } from '../../../server/src/member.ts'
import type { Compactor } from '../../../server/src/room-compactor.ts'
import type { WireServer } from '../wire-pair.ts'
import { type CompactMutant, SimCompactor } from './sim-compactor.ts'
import { type SimClock, SimProcessClock } from './sim-clock.ts'

/** The one room of a world. */
export const SIM_ROOM: RoomName = requireRoomName('simulated')

function requireRoomName(text: string): RoomName {
  const name = parseRoomName(text)
  if (name === undefined) throw new Error(`${text} is no room name`)
  return name
}

/** What a room says it has, and the bytes it would give to a newcomer. */
export interface RoomClaims {
  readonly stateVector: Uint8Array
  readonly document: Uint8Array
}

/** A room as the simulator drives it. */
export interface RoomUnderTest {
  join(member: Member): void
  receive(member: Member, frame: Uint8Array): void
  leave(member: Member): void
  close(): Promise<void>
  /** Starts a compaction, where the room knows how. */
  readonly compact?: (() => void) | undefined
  /** What the room says it has, and the bytes it would give to a newcomer; missing where a room cannot be asked. */
  readonly claims?: (() => RoomClaims) | undefined
}

/** What a room under test is given. */
export interface RoomEnvironment {
  readonly backend: LogBackend
  readonly clock: Clock
  readonly compactor: Compactor
  /** Different for each process. */
  readonly instanceId: string
  readonly onViolation: (what: string) => void
}

/** Storage as one process has it. */
export interface ProcessLog extends LogBackend {
  /** The process is gone: what it had not stored is lost. */
  crash(): void
}

/** Opens a room; the room kinds under test are functions of this type. */
export type OpenRoom = (environment: RoomEnvironment) => Promise<RoomUnderTest>

type State =
  | { readonly kind: 'down' }
  | { readonly kind: 'idle' }
  | { readonly kind: 'opening' }
  | { readonly kind: 'live'; readonly room: RoomUnderTest }
  | { readonly kind: 'closing' }

/**
 * One server process with one room: opens it for the first member, reads no socket before it is live, unloads it when it
 * is empty, and can be killed at any moment.
 */
export class Instance implements WireServer {
  readonly #openRoom: OpenRoom
  readonly #log: ProcessLog
  readonly #name: string
  readonly #clock: SimClock
  readonly #onViolation: (what: string) => void
  readonly compactor: SimCompactor
  /** How often the room was opened: of presence before, it knows nothing. */
  opens = 0
  #process: SimProcessClock
  #starts = 0
  #state: State = { kind: 'down' }
  #waiting: Member[] = []
  #joined = new Set<Member>()

  /** @param name of the instance; its processes are numbered. */
  constructor(
    openRoom: OpenRoom,
    log: ProcessLog,
    clock: SimClock,
    onViolation: (what: string) => void,
    name = '',
    compactMutant?: CompactMutant,
  ) {
    this.compactor = new SimCompactor(onViolation, compactMutant)
    this.#openRoom = openRoom
    this.#log = log
    this.#name = name
    this.#clock = clock
    this.#onViolation = onViolation
    this.#process = new SimProcessClock(clock)
  }

  get isUp(): boolean {
    return this.#state.kind !== 'down'
  }

  /** The room, while it is live. */
  get room(): RoomUnderTest | undefined {
    return this.#state.kind === 'live' ? this.#state.room : undefined
  }

  get reading(): boolean {
    return this.#state.kind === 'live'
  }

  start(): void {
    if (this.#state.kind !== 'down') return
    this.#process = new SimProcessClock(this.#clock)
    this.#starts++
    this.#state = { kind: 'idle' }
  }

  /** kill -9; the caller ends the connections. */
  crash(): void {
    this.#process.kill()
    this.#log.crash()
    this.compactor.crash()
    this.#state = { kind: 'down' }
    this.#waiting = []
    this.#joined = new Set()
  }

  /** Unloads the room where nobody is in it, as the registry does after a while. */
  unload(): boolean {
    if (this.#state.kind !== 'live' || this.#joined.size > 0) return false
    const { room } = this.#state
    const process = this.#process
    this.#state = { kind: 'closing' }
    room.close().then(
      () => {
        if (process !== this.#process || this.#state.kind !== 'closing') return
        this.#state = { kind: 'idle' }
        if (this.#waiting.length > 0) this.#open()
      },
      (error: unknown) => this.#onViolation(`the room did not close: ${String(error)}`),
    )
    return true
  }

  accept(member: Member): boolean {
    switch (this.#state.kind) {
      case 'down':
        return false
      case 'live':
        this.#join(this.#state.room, member)
        return true
      case 'idle':
        this.#waiting.push(member)
        this.#open()
        return true
      case 'opening':
      case 'closing':
        this.#waiting.push(member)
        return true
    }
  }

  receive(member: Member, frame: Uint8Array): void {
    if (this.#state.kind === 'live' && this.#joined.has(member)) {
      this.#guard('receive', () => this.room?.receive(member, frame))
    }
  }

  leave(member: Member): void {
    this.#waiting = this.#waiting.filter((other) => other !== member)
    if (this.#joined.delete(member)) this.#guard('leave', () => this.room?.leave(member))
  }

  #open(): void {
    const process = this.#process
    this.#state = { kind: 'opening' }
    const environment: RoomEnvironment = {
      backend: this.#log,
      clock: process,
      compactor: this.compactor,
      instanceId: `${this.#name}process-${this.#starts}`,
      onViolation: (what) => {
        if (process === this.#process) this.#onViolation(what)
      },
    }
    this.#openRoom(environment).then(
      (room) => {
        if (process !== this.#process || this.#state.kind !== 'opening') return
        this.#state = { kind: 'live', room }
        this.opens++
        for (const member of this.#waiting.splice(0)) this.#join(room, member)
      },
      (error: unknown) => this.#onViolation(`the room did not open: ${String(error)}`),
    )
  }

  #join(room: RoomUnderTest, member: Member): void {
    this.#joined.add(member)
    this.#guard('join', () => room.join(member))
  }

  #guard(what: string, run: () => void): void {
    try {
      run()
    } catch (error) {
      this.#onViolation(
        `${what} threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      )
    }
  }
}
