import type { Durability, RoomName } from '@roomful/shared'
import { systemClock, type Clock } from '../clock.ts'
import { createYRedisLoader } from '../worker/yredis-loader.ts'
import { createEpoch, systemRandomBytes, type RandomBytes } from './entropy.ts'
import { LogError } from './log-error.ts'
import type { RedisCommands } from './redis-commands.ts'
import type { RedisConnection } from './redis-connection.ts'
import { RedisEar } from './redis-ear.ts'
import { PRESENCE_LEASE_MS, RedisInstances } from './redis-instances.ts'
import { newerFormat, readHead, REDIS_FORMAT } from './redis-head.ts'
import { RedisKeys, type RoomKeys } from './redis-keys.ts'
import { DELETE_SCRIPT } from './redis-lua-room.ts'
import { listOf, textOf, bufferOf } from './redis-reply.ts'
import { parseRetention, RedisRetention } from './redis-retention.ts'
import { RedisRevocations } from './redis-revocations.ts'
import { MAX_REVOCATIONS } from './revocation-set.ts'
import { RedisRoom } from './redis-room.ts'
import { RedisSecondLooks } from './redis-second-looks.ts'
import { askRedis, listRooms } from './redis-room-list.ts'
import { callScript } from './redis-script.ts'
import { describeAddress, redisAddress } from './redis-address.ts'
import { RedisHealth } from './redis-health.ts'
import type { RedisLog, RedisLogOptions } from './redis-log-options.ts'
import { connectRedis } from './redis-servers.ts'
import { createRedisCounts, createRedisStats, type RedisStats } from './redis-stats.ts'
import { RedisPromise } from './redis-promise.ts'
import { RedisPoll } from './redis-poll.ts'
import { checkRights, waitForRedis } from './redis-start.ts'
import { RedisSubscriptions } from './redis-subscriptions.ts'
import { isFailedOver, unavailable } from './redis-trouble.ts'
import { RedisTurn } from './redis-turn.ts'
import type { LogSink, RoomLog, RoomSummary } from './room-log.ts'
import { Turns } from './turns.ts'
import type { YRedisMode } from './yredis-mode.ts'
import { yredisClient } from './yredis-options.ts'
import type { YRedisLoader } from './yredis-peer.ts'

const DEFAULT_PREFIX = 'roomful:'
const START_MS = 30_000
/** Between two attempts to find the server that may be written to: with each all rooms look and tell who is there. */
const FAILED_OVER_MS = 250

/**
 * Opens the log that several instances share on one Redis (6.2 or newer), on the one that Sentinels name, or on a cluster.
 * Uses two connections, commands and subscriptions; of a cluster one for commands to each master. Durability is what Redis
 * is configured for, of a cluster the master that promises least.
 *
 * @throws LogError `unavailable`, `not-writable`, `format-newer`: the message says what to do; TypeError where `url` is none,
 *   RangeError where `retentionMs` is too short.
 * @example const log = await createRedisLog({ url: 'redis://127.0.0.1:6379' })
 */
export async function createRedisLog(options: RedisLogOptions): Promise<RedisLog> {
  const log = new SharedLog(options)
  try {
    await log.start(options)
    return log
  } catch (error) {
    await log.close()
    throw error
  }
}

class SharedLog implements RedisLog {
  readonly address: string
  readonly stats: RedisStats
  readonly revocations: RedisRevocations
  readonly #counts = createRedisCounts()
  readonly #clock: Clock
  readonly #randomBytes: RandomBytes
  readonly #keys: RedisKeys
  readonly #commands: RedisCommands
  readonly #subscriber: RedisConnection
  readonly #subscriptions: RedisSubscriptions
  readonly #turn: RedisTurn
  readonly #instance: string
  readonly #instances: RedisInstances
  readonly #health: RedisHealth<RedisRoom>
  readonly #yredis: YRedisMode
  readonly #promise: RedisPromise
  readonly #loader: YRedisLoader
  readonly #open = new Map<RoomName, RedisRoom>()
  readonly #ear: RedisEar
  readonly #retention: RedisRetention
  /** Opening, deleting and the end of leaving a room exclude each other. */
  readonly #turns = new Turns<RoomName>()
  readonly #poll: RedisPoll
  readonly #secondLooks: RedisSecondLooks
  #cancelReconnect: (() => void) | undefined
  #closed: Promise<void> | undefined

  constructor(options: RedisLogOptions) {
    const { prefix = DEFAULT_PREFIX, clock = systemClock } = options
    const address = redisAddress(options.url)
    // before anything connects
    const retentionMs = parseRetention(options.retentionMs)
    const isCluster = address.layout.kind === 'cluster'
    this.#yredis = options.yredis ?? 'live'
    if (isCluster && this.#yredis === 'auto') throw new TypeError(AUTO_IN_CLUSTER)
    this.#loader = createYRedisLoader({ clock, client: yredisClient(address, options) })
    this.address = describeAddress(address)
    this.#clock = clock
    this.#randomBytes = options.randomBytes ?? systemRandomBytes
    this.#keys = new RedisKeys(prefix, isCluster)
    this.#instance = createEpoch(this.#randomBytes).slice(0, WRITER_DIGITS)
    this.#secondLooks = new RedisSecondLooks(clock)
    this.#health = new RedisHealth(options.onHealth ?? (() => undefined))
    const { commands, subscriber } = connectRedis(address, options, clock, {
      commands: {
        ready: (concerns) => this.#commandsReady(concerns),
        lost: (error) => this.#health.lost(error),
        demoted: () => this.#reconnectLater(),
        exchanged: (concerns) => this.#exchanged(concerns),
        canary: (part) => this.#keys.canary(this.#instance, part),
      },
      subscriber: { ready: () => void this.#subscriberReady(), lost: () => undefined },
    })
    this.#commands = commands
    this.#subscriber = subscriber
    this.#promise = new RedisPromise(
      commands,
      { address: this.address, isCluster, allowEviction: options.allowEviction ?? false },
      options.onPromise ?? (() => undefined),
    )
    this.#subscriptions = new RedisSubscriptions(this.#subscriber)
    this.#turn = new RedisTurn(this.#commands, clock)
    this.#retention = new RedisRetention(this.#commands, retentionMs)
    this.#ear = new RedisEar({
      commands: this.#commands,
      subscriber: this.#subscriber,
      subscriptions: this.#subscriptions,
      channel: this.#keys.ear(this.#instance),
      isCluster,
    })
    this.revocations = new RedisRevocations({
      commands: this.#commands,
      subscriptions: this.#subscriptions,
      key: this.#keys.revocations,
      channel: this.#keys.revocationNews,
      max: options.maxRevocations ?? MAX_REVOCATIONS,
    })
    this.#instances = new RedisInstances({
      connection: this.#commands,
      clock,
      key: this.#keys.instances,
      self: this.#instance,
      leaseMs: options.presenceLeaseMs ?? PRESENCE_LEASE_MS,
      gone: (instance) => {
        this.#counts.gone += 1
        this.#eachRoom(({ presence }) => presence.gone(instance))
      },
      returned: () => this.#eachRoom(({ presence }) => presence.renew()),
      refused: (error) => {
        if (isFailedOver(error)) this.#reconnectLater()
      },
      refresh: () => this.#eachRoom(({ presence }) => presence.refresh()),
    })
    this.#poll = new RedisPoll({
      commands: this.#commands,
      clock,
      ear: this.#ear,
      retention: this.#retention,
      revocations: this.revocations,
      rooms: () => [...this.#open.values()],
    })
    this.stats = createRedisStats(this.#counts, this.#commands, this.#subscriber, this.#instances)
  }

  get durability(): Durability {
    return this.#promise.durability
  }

  get isHealthy(): boolean {
    return this.#health.isHealthy && this.#commands.isReady
  }

  async start(options: RedisLogOptions): Promise<void> {
    const { address } = this
    const { startMs = START_MS, onWaiting = () => undefined } = options
    const connections = [this.#commands, this.#subscriber]
    await waitForRedis(connections, { clock: this.#clock, address, startMs, onWaiting })
    await this.#promise.begin(this.#keys)
    await checkRights(this.#commands, () => this.#ear.open(), {
      address,
      prefix: options.prefix ?? DEFAULT_PREFIX,
      hasYRedis: this.#yredis !== 'off',
    })
    this.#instances.start()
    this.#poll.start()
  }

  async open(room: RoomName, sink: LogSink): Promise<RoomLog> {
    this.#assertUsable(this.#keys.room(room).meta)
    return this.#turns.run(room, async () => {
      const previous = this.#open.get(room)
      if (previous?.isUsable === true)
        throw new LogError('already-open', `room ${room} is already open in this process`)
      await previous?.leave()
      this.#assertUsable(this.#keys.room(room).meta)
      return this.#openRoom(room, sink)
    })
  }

  async #openRoom(room: RoomName, sink: LogSink): Promise<RedisRoom> {
    const keys = this.#keys.room(room)
    // what is published before the head has been read may stand behind it
    const early: Buffer[] = []
    const opened: { log?: RedisRoom } = {}
    try {
      const listeners = new Map<string, (message: Buffer) => void>()
      listeners.set(keys.channel, (message) => {
        if (opened.log === undefined) early.push(message)
        else opened.log.heard(message)
      })
      if (this.#yredis !== 'off') {
        listeners.set(keys.bell, (message) => opened.log?.peer.heardBell(message))
        if (keys.mark !== '') listeners.set(keys.mark, () => undefined)
      }
      await this.#subscriptions.add(listeners)
      this.#retention.opened(keys)
      const stored = await readHead(this.#commands, keys, room)
      this.#assertUsable(keys.meta)
      const log = new RedisRoom(room, keys, stored, sink, {
        connection: this.#commands,
        clock: this.#clock,
        rooms: this.#keys.rooms,
        yredis: { mode: this.#yredis, loader: this.#loader },
        writer: createEpoch(this.#randomBytes).slice(0, WRITER_DIGITS),
        instance: this.#instance,
        heardOf: (instance) => this.#instances.heardOf(instance),
        mintEpoch: () => createEpoch(this.#randomBytes),
        wake: (asking) => this.#turn.wake(asking),
        failed: (asking, error) => this.#failed(asking, error),
        touched: (touched) => this.#touched(touched),
        stored: (ms) => this.#stored(log, ms),
        counts: this.#counts,
        answered: (answered) => this.#answered(answered),
        left: () => this.#left(room, log),
      })
      opened.log = log
      this.#open.set(room, log)
      for (const message of early) log.heard(message)
      log.check(true)
      this.#touched(log)
      log.presence.ask()
      return log
    } catch (error) {
      this.#unsubscribe(keys)
      if (error instanceof LogError) throw error
      throw unavailable(room, error instanceof Error ? error : new Error(String(error)))
    }
  }

  async *rooms(after: RoomName | '' = ''): AsyncGenerator<RoomSummary> {
    this.#assertUsable(this.#keys.rooms)
    yield* listRooms(this.#commands, this.#keys, { after, prunes: this.#retention.isLimited })
  }

  async delete(room: RoomName, stateVector: Uint8Array): Promise<void> {
    this.#assertUsable(this.#keys.room(room).meta)
    const tombstone = [bufferOf(stateVector.slice()), this.#clock.now()]
    this.#open.get(room)?.markDeleted()
    await this.#turns.run(room, async () => {
      const log = this.#open.get(room)
      // again: it may have been opened while this waited
      log?.markDeleted()
      await log?.settled()
      const keys = this.#keys.room(room)
      const [, reply] = await askRedis(this.#commands, [
        { command: 'ZADD', args: [this.#keys.rooms, 0, room] },
        callScript(
          DELETE_SCRIPT,
          [keys.meta, keys.log, keys.snapshot, keys.readers, keys.writers, keys.list],
          [REDIS_FORMAT, createEpoch(this.#randomBytes), ...tombstone, keys.channel],
        ),
      ])
      if (textOf(listOf(reply)[0]) === 'newer') throw newerFormat(REDIS_FORMAT + 1)
      if (log === undefined || this.#open.get(room) !== log) return
      this.#open.delete(room)
      this.#unsubscribe(keys)
    })
  }

  async check(): Promise<void> {
    this.#assertUsable(this.#keys.format)
    const refusal = (await this.#commands.tryWrite()).find((reply) => reply instanceof Error)
    if (refusal !== undefined)
      throw new LogError('unavailable', `Redis at ${this.address} takes no writes now: try again later`, {
        cause: refusal,
      })
    this.#assertUsable(this.#keys.format)
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    const rooms = [...this.#open.values()]
    const left = rooms.map((log) => log.closeBackend())
    this.#giveUp(this.#commands.lastError, (log) => !log.isReachable)
    await Promise.all(left)
    await this.#turns.idle()
    await this.#instances.close()
    this.#poll.close()
    this.#secondLooks.close()
    this.#cancelReconnect?.()
    this.#turn.close()
    this.#commands.close()
    this.#subscriber.close()
    await this.#loader.close()
  }

  #giveUp(cause: Error | undefined, concerns: (log: RedisRoom) => boolean): void {
    const error = new LogError('closed', 'the log was closed while Redis was away', { cause })
    this.#eachRoom((log) => {
      if (concerns(log)) log.giveUp(error)
    })
  }

  #unsubscribe({ channel, bell, mark }: RoomKeys): void {
    const heard = this.#yredis === 'off' ? [channel] : [channel, bell, mark]
    this.#subscriptions.remove(...heard.filter((name) => name !== ''))
  }

  #left(room: RoomName, log: RedisRoom): void {
    this.#answered(log)
    if (this.#open.get(room) !== log) return
    this.#open.delete(room)
    this.#unsubscribe(log.keys)
    const { keys, writer } = log
    void this.#commands.run([{ command: 'HDEL', args: [keys.readers, writer] }])
    this.#retention.touch([log])
  }

  #commandsReady(concerns: (key: string) => boolean): void {
    const isConcerned = ({ keys }: RedisRoom): boolean => concerns(keys.meta)
    this.#health.returned(this.#commands.isReady)
    void this.#promise.renew()
    if (concerns(this.#keys.instances)) this.#instances.reconnected()
    if (concerns(this.#keys.revocations)) void this.revocations.check()
    this.#eachRoom((log) => {
      if (isConcerned(log)) log.reconnected()
    })
  }

  /** Everything that was read of it may be another copy's. */
  #exchanged(concerns: (key: string) => boolean): void {
    if (concerns(this.#keys.revocations)) void this.revocations.check()
    this.#eachRoom((log) => {
      if (concerns(log.keys.meta)) log.check()
    })
  }

  #touched(log: RedisRoom): void {
    this.#commands.touched(log.keys.meta)
    this.#secondLooks.touched(log)
  }

  async #subscriberReady(): Promise<void> {
    try {
      await this.#subscriptions.renew()
    } catch {
      // lost again meanwhile, or refused (a script of somebody keeps Redis busy): it becomes ready once more
      this.#subscriber.reconnect()
      return
    }
    void this.revocations.check()
    this.#eachRoom((log) => {
      log.check()
      log.presence.renew()
    })
  }

  #eachRoom(run: (log: RedisRoom) => void): void {
    for (const log of this.#open.values()) run(log)
  }

  #failed(log: RedisRoom, error: Error): void {
    if (this.#closed !== undefined) return this.#giveUp(error, (one) => one === log || !one.isReachable)
    if (this.#open.get(log.room) === log) this.#health.failed(log, error)
    // a lost connection is not waited for: its return is heard
    if (!log.isReachable) return
    if (isFailedOver(error)) this.#reconnectLater()
    else this.#turn.wakeLater(log)
  }

  /** The address may lead to another server by then; who listens has to follow who writes. */
  #reconnectLater(): void {
    this.#cancelReconnect ??= this.#clock.after(FAILED_OVER_MS, () => {
      this.#cancelReconnect = undefined
      this.#commands.reconnect()
      this.#subscriber.reconnect()
    })
  }

  #stored(log: RedisRoom, ms: number): void {
    this.stats.onAppend(ms)
    this.#turn.succeeded()
    this.#health.answered(log, this.#commands.isReady)
  }

  /** Nothing may ever be appended that would show that Redis is well again. */
  #answered(log: RedisRoom): void {
    if (this.#health.answered(log, this.#commands.isReady)) this.#turn.succeeded()
  }

  /** @throws LogError `closed`, or `unavailable` while Redis is away. */
  #assertUsable(key: string): void {
    if (this.#closed !== undefined) throw new LogError('closed', 'the log is closed')
    if (!this.#commands.reaches(key) || !this.#subscriber.isReady)
      throw new LogError('unavailable', `Redis at ${this.address} is away: try again later`)
  }
}

/** Servers of a cluster do not know who listens at the others. */
const AUTO_IN_CLUSTER =
  'YREDIS=auto asks Redis who listens, which a cluster cannot say: use live, or off where no process uses y-redis'

/** 64 bits tell the writers of one room apart. */
const WRITER_DIGITS = 16
