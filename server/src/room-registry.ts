import { CLOSE, type CloseCode, type Limits, type RoomName } from '@roomful/shared'
import type { Clock } from './clock.ts'
import { checkLog } from './log/check-log.ts'
import type { LogBackend } from './log/room-log.ts'
import type { Compactor } from './room-compactor.ts'
import { ProcessBounds } from './process-bounds.ts'
import type { RoomEvents } from './room-events.ts'
import { Room } from './room.ts'
import type { SliceQueue } from './slice-queue.ts'
import type { UpdateReader } from './update-reader.ts'

/** What the rooms of one process share. */
export interface RoomRegistryOptions {
  readonly backend: LogBackend
  readonly clock: Clock
  readonly compactor: Compactor
  readonly limits: Limits
  readonly instanceId: string
  /** Who appends: of this start of this process alone, whatever it is called. Default: `instanceId`. */
  readonly writerId?: string | undefined
  /** Reads large updates; default: each room's own thread does. */
  readonly reader?: UpdateReader | undefined
  readonly slices?: SliceQueue | undefined
  /** Asked once per opened room. */
  readonly events: (room: RoomName) => RoomEvents
}

/** Why a room cannot be had; `close` says how to refuse the connection. */
export class RoomUnavailable extends Error {
  readonly code: 'rooms-full' | 'draining'
  readonly close: CloseCode

  constructor(code: RoomUnavailable['code'], message: string, close: CloseCode) {
    super(message)
    this.name = 'RoomUnavailable'
    this.code = code
    this.close = close
  }
}

type Slot =
  | { readonly state: 'opening'; readonly room: Promise<Room> }
  | { readonly state: 'open'; readonly room: Room; cancelUnload: (() => void) | undefined }
  /** A log is open once per process: who wants the room again waits for this. */
  | { readonly state: 'closing'; readonly done: Promise<void> }

type OpenSlot = Extract<Slot, { state: 'open' }>

/**
 * The open rooms of one process. There is nothing to release: a room says when its last member has left and is unloaded
 * `limits.unloadMs` later, unless somebody acquired it meanwhile.
 */
export class RoomRegistry {
  /** What all its rooms hold together. */
  readonly bounds: ProcessBounds
  readonly #options: RoomRegistryOptions
  readonly #slots = new Map<RoomName, Slot>()
  #isDraining = false

  constructor(options: RoomRegistryOptions) {
    this.#options = options
    this.bounds = new ProcessBounds(options.limits)
  }

  /** Rooms open or being opened or closed. */
  get size(): number {
    return this.#slots.size
  }

  /** Open rooms. */
  *rooms(): Generator<Room> {
    for (const slot of this.#slots.values()) if (slot.state === 'open') yield slot.room
  }

  /** The room of this name where it is open. */
  peek(name: RoomName): Room | undefined {
    const slot = this.#slots.get(name)
    return slot?.state === 'open' ? slot.room : undefined
  }

  /**
   * The room of this name, opened once however many ask. Join it in the turn in which the promise resolves.
   * Rejects with {@link RoomUnavailable}, or with the log's error where it cannot be read; the next call tries again.
   */
  async acquire(name: RoomName): Promise<Room> {
    while (true) {
      if (this.#isDraining)
        throw new RoomUnavailable('draining', 'the server is shutting down', CLOSE.restart)
      const slot = this.#slots.get(name)
      switch (slot?.state) {
        case undefined:
          return this.#open(name)
        case 'opening':
          return slot.room
        case 'open':
          if (slot.room.isUsable) {
            if (slot.room.memberCount === 0) this.#scheduleUnload(name, slot)
            return slot.room
          }
          // deleted by another instance: what is open here is the past
          await this.#end(name, slot, () => slot.room.close())
          break
        case 'closing':
          await slot.done
      }
    }
  }

  /**
   * Deletes a room: its members are closed with 4404 `generation=<new generation>`, the stored entries go, a tombstone
   * with its last state vector stays. The next acquire opens the new generation.
   */
  async delete(name: RoomName): Promise<void> {
    // asked first: nobody may be told of a deletion that storage cannot do now
    await checkLog(this.#options.backend)
    // also where it is not open: the tombstone needs its state vector
    const room = await this.acquire(name)
    const slot = this.#slots.get(name)
    if (slot?.state !== 'open' || slot.room !== room) return this.delete(name)
    await this.#end(name, slot, async () => {
      const stateVector = room.tombstoneVector()
      room.closeDeleted()
      await room.close()
      await this.#options.backend.delete(name, stateVector)
    })
  }

  /** Settles and leaves every room. Idempotent. */
  async close(): Promise<void> {
    this.#isDraining = true
    await Promise.allSettled([...this.#slots.values()].map((slot) => waitForSlot(slot)))
    const open = [...this.#slots].filter((entry): entry is [RoomName, OpenSlot] => entry[1].state === 'open')
    const closed = open.map(([name, slot]) => this.#end(name, slot, () => slot.room.close()))
    for (const result of await Promise.allSettled(closed))
      if (result.status === 'rejected') throw result.reason
  }

  #open(name: RoomName): Promise<Room> {
    const { limits, events, ...shared } = this.#options
    if (this.#held() >= limits.rooms && !this.#unloadIdle())
      throw new RoomUnavailable('rooms-full', 'this server has as many rooms open as it may', CLOSE.overload)
    const opening = Room.open({
      ...shared,
      bounds: this.bounds,
      name,
      limits,
      events: events(name),
      onEmpty: () => this.#empty(name),
    }).then(
      (room) => {
        const slot: OpenSlot = { state: 'open', room, cancelUnload: undefined }
        this.#slots.set(name, slot)
        // whoever asked for it may be gone by now
        this.#scheduleUnload(name, slot)
        return room
      },
      (error: unknown) => {
        this.#slots.delete(name)
        throw error
      },
    )
    this.#slots.set(name, { state: 'opening', room: opening })
    return opening
  }

  /** Rooms that count towards the limit: one that is being closed gives its place away. */
  #held(): number {
    let held = 0
    for (const slot of this.#slots.values()) if (slot.state !== 'closing') held += 1
    return held
  }

  /** Unloads a room nobody is in, before its time. @returns whether there was one. */
  #unloadIdle(): boolean {
    for (const [name, slot] of this.#slots) {
      if (slot.state !== 'open' || slot.room.memberCount > 0) continue
      this.#unload(name, slot)
      return true
    }
    return false
  }

  #unload(name: RoomName, slot: OpenSlot): void {
    this.#options.events(name).limited('unloadMs')
    this.#end(name, slot, () => slot.room.close()).catch((error: unknown) =>
      this.#options.events(name).failed(error),
    )
  }

  #empty(name: RoomName): void {
    const slot = this.#slots.get(name)
    if (slot?.state === 'open') this.#scheduleUnload(name, slot)
  }

  #scheduleUnload(name: RoomName, slot: OpenSlot): void {
    const { clock, limits } = this.#options
    slot.cancelUnload?.()
    slot.cancelUnload = clock.after(limits.unloadMs, () => {
      if (this.#slots.get(name) === slot && slot.room.memberCount === 0) this.#unload(name, slot)
    })
  }

  async #end(name: RoomName, slot: OpenSlot, run: () => Promise<void>): Promise<void> {
    const ended = run()
    // after it: members that were closed have left, and an empty room asks for its unload
    slot.cancelUnload?.()
    const closing: Slot = {
      state: 'closing',
      done: ended.then(
        () => undefined,
        // whoever waits opens anew and meets the error itself
        () => undefined,
      ),
    }
    this.#slots.set(name, closing)
    try {
      await ended
    } finally {
      if (this.#slots.get(name) === closing) this.#slots.delete(name)
    }
  }
}

async function waitForSlot(slot: Slot): Promise<void> {
  switch (slot.state) {
    case 'opening':
      await slot.room
      return
    case 'closing':
      await slot.done
      return
    case 'open':
      return
  }
}
