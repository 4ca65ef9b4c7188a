import type { Redis } from 'ioredis'
import type { Clock } from '../clock.ts'
import type { RedisCall, RedisCommands, RedisJob, RedisReply, RedisServerCount } from './redis-commands.ts'
import { RedisCanary } from './redis-canary.ts'
import { RedisPulse } from './redis-pulse.ts'
import { withoutArguments } from './redis-trouble.ts'

/** What a connection tells its owner. Must not throw. */
export interface RedisConnectionOwner {
  /** Connected, authenticated, not loading: again after each loss. */
  ready(concerns: () => true): void
  lost(error: Error): void
  /** What only a server that takes commands is asked. Absent on a connection that may only listen. */
  readonly keeper?: RedisKeeper
}

/** What is told of a server that keeps what was stored. Must not throw. */
export interface RedisKeeper {
  /** A key that it holds, of this instance alone; `undefined` where it holds none. */
  canary(): string | undefined
  /** The server follows another one, again while it does. */
  demoted(): void
  /** What it holds is not what it held. */
  exchanged(): void
}

/** The role of the server is asked with every so many-th question. */
const ROLE_EVERY = 2
const PING: RedisCall = { command: 'PING', args: [] }
/** Before connecting anew where the library does not. */
const AGAIN_MS = 100

/**
 * One supervised connection. Nothing is queued while it is down and nothing is sent again by itself: a command either
 * answered or failed, and who sent it knows what that means.
 */
export class RedisConnection implements RedisCommands {
  readonly redis: Redis
  readonly #clock: Clock
  readonly #owner: RedisConnectionOwner
  #isReady = false
  #isClosed = false
  #lastError: Error | undefined
  /** It said so at once and hung up; what follows are errors of a socket that is gone. */
  #denial: Error | undefined
  #readied = 0
  #inFlight = 0
  readonly #pulse: RedisPulse
  readonly #canary: RedisCanary | undefined
  #questions = 0
  #cancelAgain: () => void = () => undefined

  /** @param redis not connected yet: this connects it. */
  constructor(redis: Redis, clock: Clock, owner: RedisConnectionOwner) {
    this.redis = redis
    this.#clock = clock
    this.#owner = owner
    redis.on('error', (error) => (this.#lastError = this.#denial ?? withoutArguments(error)))
    redis.on('connect', () => redis.stream.once('data', (bytes) => this.#heardFirst(String(bytes))))
    redis.on('ready', () => this.#becameReady())
    redis.on('close', () => this.#becameLost())
    redis.on('end', () => this.#connectAgain())
    const { keeper } = owner
    this.#canary =
      keeper === undefined
        ? undefined
        : new RedisCanary(redis, {
            key: () => keeper.canary(),
            exchanged: () => keeper.exchanged(),
            demoted: () => keeper.demoted(),
          })
    this.#pulse = new RedisPulse(redis, clock, {
      isReady: () => this.#isReady,
      ask: (isHeard) => this.#question(isHeard),
      died: (error) => {
        this.#lastError = error
        redis.stream?.destroy()
      },
    })
    this.#connect()
  }

  get isReady(): boolean {
    return this.#isReady
  }

  /** How often it came back after a loss. */
  get reconnects(): number {
    return Math.max(0, this.#readied - 1)
  }

  /** Commands that were sent and not answered. */
  get inFlight(): number {
    return this.#inFlight
  }

  /** Why it is not ready, as far as known. */
  get lastError(): Error | undefined {
    return this.#lastError
  }

  get servers(): RedisServerCount {
    return { known: 1, connected: this.#isReady ? 1 : 0 }
  }

  reaches(): boolean {
    return this.#isReady
  }

  run(calls: readonly RedisCall[]): Promise<readonly RedisReply[]> {
    return this.#inOneWrite(calls.length, () => Promise.all(calls.map((call) => this.#ask(call))))
  }

  send(jobs: readonly RedisJob[]): void {
    this.#inOneWrite(jobs.length, () => {
      for (const { call, answered } of jobs) void this.#ask(call).then(answered)
    })
  }

  async runEverywhere(calls: readonly RedisCall[]): Promise<readonly (readonly RedisReply[])[]> {
    return [await this.run(calls)]
  }

  async tryWrite(): Promise<readonly RedisReply[]> {
    const key = this.#owner.keeper?.canary()
    // nothing is put into what may be there, which a server refuses for the same reasons as anything else
    const call = key === undefined ? PING : { command: 'SETRANGE', args: [key, 0, ''] }
    const reply = await this.#ask(call)
    // who may not ask does not know
    return [reply instanceof Error && reply.message.startsWith('NOPERM') ? undefined : reply]
  }

  touched(): void {
    this.#canary?.touch()
  }

  /** Ends the socket and connects anew. */
  reconnect(): void {
    if (!this.#isClosed) this.redis.stream?.destroy()
  }

  close(): void {
    this.#isClosed = true
    this.#isReady = false
    this.#pulse.close()
    this.#cancelAgain()
    this.redis.disconnect()
    // what is left to write goes nowhere over a half-open socket, and would keep it for minutes
    this.redis.stream?.destroy()
  }

  #question(isHeard: boolean): void {
    const { keeper } = this.#owner
    if (this.#canary?.ask() !== true && !isHeard) this.redis.ping().catch(() => undefined)
    this.#questions += 1
    if (keeper === undefined || this.#questions % ROLE_EVERY !== 0) return
    this.redis.info('replication').then(
      (info) => {
        if (/^role:slave/m.test(info)) keeper.demoted()
      },
      () => undefined,
    )
  }

  /** The library takes protected mode for a password too many, and goes on trying without a word. */
  #heardFirst(said: string): void {
    if (!said.startsWith('-DENIED')) return
    this.#denial = new Error(said.slice(1).split('.', 1)[0])
    this.#lastError = this.#denial
  }

  /** Its failures come as events; ioredis tries again by itself. */
  #connect(): void {
    this.redis.connect().catch(() => undefined)
  }

  /** ioredis gives up for good where Sentinels tell of a failover while it asks them where Redis is. */
  #connectAgain(): void {
    this.#becameLost()
    if (this.#isClosed) return
    this.#cancelAgain = this.#clock.after(AGAIN_MS, () => this.#connect())
  }

  /** A pipeline of the library does the same at twice the work where there is one command, which is the usual case. */
  #inOneWrite<T>(count: number, ask: () => T): T {
    if (count === 1) return ask()
    const { stream } = this.redis
    stream?.cork()
    try {
      return ask()
    } finally {
      stream?.uncork()
    }
  }

  /** Never rejects. */
  async #ask({ command, args, script }: RedisCall): Promise<RedisReply> {
    if (!this.#isReady) return this.#lastError ?? new Error('Redis is away')
    this.#inFlight += 1
    try {
      return await this.redis.callBuffer(command, ...args)
    } catch (error) {
      // not executed, so that this is no second time
      if (script !== undefined && isNoScript(error))
        return await this.#ask({ command: 'EVAL', args: [script.lua, ...args.slice(1)] })
      return withoutArguments(error)
    } finally {
      this.#inFlight -= 1
    }
  }

  #becameReady(): void {
    if (this.#isClosed) return
    this.#isReady = true
    this.#readied += 1
    this.#lastError = undefined
    this.#denial = undefined
    this.#pulse.begin()
    this.#canary?.begin()
    this.#owner.ready(() => true)
  }

  #becameLost(): void {
    const wasReady = this.#isReady
    this.#isReady = false
    this.#pulse.begin()
    this.#canary?.begin()
    if (wasReady && !this.#isClosed)
      this.#owner.lost(this.#lastError ?? new Error('the connection to Redis was lost'))
  }
}

function isNoScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT')
}
