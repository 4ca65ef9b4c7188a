import type { Clock } from '../clock.ts'
import type { RedisCall, RedisCommands } from './redis-commands.ts'
import type { RedisEar } from './redis-ear.ts'
import { TRIM_SCRIPT } from './redis-lua-room.ts'
import type { RedisRetention } from './redis-retention.ts'
import type { RedisRevocations } from './redis-revocations.ts'
import type { RedisRoom } from './redis-room.ts'
import { callScript } from './redis-script.ts'
import { pollPeers } from './yredis-peer.ts'

/** What it finds was lost on the way, all rooms in one write. */
const POLL_MS = 3_000
/** Every so many-th poll tells how far each room was read, and trims. */
const REGISTER_EVERY = 5
/** Entries are kept so long after a compaction … */
const TRIM_AFTER_S = 60
/** … and while a reader that is behind showed itself within: four registrations may be late. */
const READER_LEASE_S = 60

/** What the poll looks after. */
export interface RedisPollOwner {
  readonly commands: RedisCommands
  readonly clock: Clock
  readonly ear: RedisEar
  readonly retention: RedisRetention
  readonly revocations: RedisRevocations
  /** Those that are open. */
  rooms(): readonly RedisRoom[]
}

/** The slow poll: makes up for what was lost without a trace, and does what is due from time to time. */
export class RedisPoll {
  readonly #owner: RedisPollOwner
  #polls = 0
  #cancel: () => void = () => undefined

  constructor(owner: RedisPollOwner) {
    this.#owner = owner
  }

  start(): void {
    this.#cancel = this.#owner.clock.after(POLL_MS, () => {
      this.#run()
      this.start()
    })
  }

  close(): void {
    this.#cancel()
  }

  #run(): void {
    const { commands, ear, retention, revocations } = this.#owner
    this.#polls += 1
    const registers = this.#polls % REGISTER_EVERY === 0
    const rooms = this.#owner.rooms()
    for (const log of rooms) log.check(registers)
    void ear.test()
    void revocations.check()
    pollPeers(
      commands,
      rooms.map(({ peer }) => peer),
    )
    if (registers) void commands.run(rooms.filter((log) => log.isTrimmable).map(trimCall))
    // once what the registrations made is there as well
    if (this.#polls % REGISTER_EVERY === 1) retention.touch(rooms)
  }
}

function trimCall({ keys }: RedisRoom): RedisCall {
  return callScript(
    TRIM_SCRIPT,
    [keys.meta, keys.log, keys.readers, keys.writers],
    [TRIM_AFTER_S, READER_LEASE_S],
  )
}
