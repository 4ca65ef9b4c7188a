import type { Redis } from 'ioredis'
import type { Clock } from '../clock.ts'
import type { RedisCall, RedisCommands, RedisJob, RedisReply, RedisServerCount } from './redis-commands.ts'
import type { RedisScript } from './redis-script.ts'
import { withoutArguments } from './redis-trouble.ts'

/** What a connection tells its owner. Must not throw. */
export interface RedisConnectionOwner {
  /** Connected, authenticated, not loading: again after each loss. */
  ready(concerns: () => true): void
  lost(error: Error): void
}

/** How often a connection is asked for a sign of life. */
const PING_MS = 1_000
/** A connection that is silent for so long though asked is dead, whatever the kernel thinks (half-open sockets are real). */
export const SILENCE_MS = 3_000
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
  #heardBytes = 0
  #heardAt: number
  #lastError: Error | undefined
  #readied = 0
  #inFlight = 0
  #cancelTick: () => void = () => undefined
  #cancelAgain: () => void = () => undefined

  /** @param redis not connected yet: this connects it. */
  constructor(redis: Redis, clock: Clock, owner: RedisConnectionOwner) {
    this.redis = redis
    this.#clock = clock
    this.#owner = owner
    this.#heardAt = clock.now()
    redis.on('error', (error) => (this.#lastError = withoutArguments(error)))
    redis.on('ready', () => this.#becameReady())
    redis.on('close', () => this.#becameLost())
    redis.on('end', () => this.#connectAgain())
    this.#connect()
    this.#tickLater()
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

  async run(calls: readonly RedisCall[]): Promise<readonly RedisReply[]> {
    if (!this.#isReady) return calls.map(() => this.#lastError ?? new Error('Redis is away'))
    const pipeline = this.redis.pipeline()
    for (const { command, args } of calls) pipeline.callBuffer(command, ...args)
    const replies = await this.#answers(pipeline, calls.length)
    for (const [index, call] of calls.entries()) {
      const reply = replies[index]
      // not executed, so that this is no second time
      if (call.script !== undefined && isNoScript(reply))
        replies[index] = await this.#runWhole(call, call.script)
    }
    return replies
  }

  send(jobs: readonly RedisJob[]): void {
    void this.run(jobs.map(({ call }) => call)).then((replies) => {
      for (const [index, { answered }] of jobs.entries()) answered(replies[index])
    })
  }

  async runEverywhere(calls: readonly RedisCall[]): Promise<readonly (readonly RedisReply[])[]> {
    return [await this.run(calls)]
  }

  /** Ends the socket and connects anew. */
  reconnect(): void {
    if (!this.#isClosed) this.redis.stream?.destroy()
  }

  close(): void {
    this.#isClosed = true
    this.#isReady = false
    this.#cancelTick()
    this.#cancelAgain()
    this.redis.disconnect()
    // what is left to write goes nowhere over a half-open socket, and would keep it for minutes
    this.redis.stream?.destroy()
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

  async #runWhole({ args }: RedisCall, { lua }: RedisScript): Promise<RedisReply> {
    const pipeline = this.redis.pipeline()
    pipeline.callBuffer('EVAL', lua, ...args.slice(1))
    const [reply] = await this.#answers(pipeline, 1)
    return reply
  }

  async #answers(pipeline: ReturnType<Redis['pipeline']>, count: number): Promise<RedisReply[]> {
    this.#inFlight += count
    try {
      const results = (await pipeline.exec()) ?? []
      return results.map(([error, reply]) => (error === null ? reply : withoutArguments(error)))
    } catch (error) {
      const failure = withoutArguments(error)
      return Array.from({ length: count }, () => failure)
    } finally {
      this.#inFlight -= count
    }
  }

  #becameReady(): void {
    if (this.#isClosed) return
    this.#isReady = true
    this.#readied += 1
    this.#lastError = undefined
    this.#heard()
    this.#owner.ready(() => true)
  }

  #becameLost(): void {
    const wasReady = this.#isReady
    this.#isReady = false
    this.#heard()
    if (wasReady && !this.#isClosed)
      this.#owner.lost(this.#lastError ?? new Error('the connection to Redis was lost'))
  }

  #heard(): void {
    this.#heardAt = this.#clock.now()
    this.#heardBytes = this.redis.stream?.bytesRead ?? 0
  }

  #tickLater(): void {
    this.#cancelTick = this.#clock.after(PING_MS, () => {
      this.#tick()
      if (!this.#isClosed) this.#tickLater()
    })
  }

  #tick(): void {
    const { status, stream } = this.redis
    const isWaiting = status === 'reconnecting' || status === 'wait' || status === 'close' || status === 'end'
    // any byte is a sign of life: a large answer on a slow line is not a dead one
    if (isWaiting || stream === undefined || stream.bytesRead !== this.#heardBytes) this.#heard()
    else if (this.#clock.now() - this.#heardAt >= SILENCE_MS) {
      this.#lastError = new Error(`Redis has been silent for ${SILENCE_MS} ms`)
      stream.destroy()
      return
    }
    // an answer is heard as bytes, a failure as a close
    if (this.#isReady) this.redis.ping().catch(() => undefined)
  }
}

function isNoScript(reply: RedisReply): boolean {
  return reply instanceof Error && reply.message.startsWith('NOSCRIPT')
}
