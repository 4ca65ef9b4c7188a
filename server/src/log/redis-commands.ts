import type { RedisScript } from './redis-script.ts'

/** An argument of a command; bytes go as they are. */
export type RedisArg = string | number | Buffer

/** One command. */
export interface RedisCall {
  readonly command: string
  readonly args: readonly RedisArg[]
  /** What the hash in `args` stands for, where the command is EVALSHA. */
  readonly script?: RedisScript | undefined
  /**
   * Goes to the server that was looked at, or fails: where another one has the key by now, whether that one holds the same
   * has to be seen first.
   */
  readonly isBound?: boolean | undefined
}

/** What a command answered: strings are Buffers. An `Error` is a refusal of Redis, or a connection that was lost. */
export type RedisReply = unknown

/** One call and what becomes of its answer. */
export interface RedisJob {
  readonly call: RedisCall
  /** Must not throw. */
  readonly answered: (reply: RedisReply) => void
}

/** Where a Redis log sends its commands: one server, or all that share the keys. Nothing is queued while one is away. */
export interface RedisCommands {
  /** Whether all keys can be reached. */
  readonly isReady: boolean
  /** How often a connection came back after a loss. */
  readonly reconnects: number
  /** Commands that were sent and not answered. */
  readonly inFlight: number
  /** Why it is not ready, as far as known. */
  readonly lastError: Error | undefined
  /** Servers that hold keys, and how many of them are connected. */
  readonly servers: RedisServerCount
  /** Whether the server that holds this key is there. */
  reaches(key: string): boolean
  /** Sends all in one write for each server; never rejects. Answers are in order, those that failed are Errors. */
  run(calls: readonly RedisCall[]): Promise<readonly RedisReply[]>
  /** As {@link run}; each is told its answer without waiting for other servers. */
  send(jobs: readonly RedisJob[]): void
  /** The same to each server, whatever keys it holds; one list of answers for each. Never rejects. */
  runEverywhere(calls: readonly RedisCall[]): Promise<readonly (readonly RedisReply[])[]>
  /** What each server answers to a write that changes nothing: an Error where it takes none, or is away. Never rejects. */
  tryWrite(): Promise<readonly RedisReply[]>
  /** Something that a key stands for was read or stored: a copy from before that is an older one. */
  touched(key: string): void
  /** Redis says that this is no longer the server to talk to. */
  reconnect(): void
  close(): void
}

/** See {@link RedisCommands.servers}. */
export interface RedisServerCount {
  readonly known: number
  readonly connected: number
}

/** What a log is told of its commands. Must not throw. */
export interface RedisCommandsOwner {
  /**
   * Some servers can be asked, again after each loss. What they hold may be another copy of what was there.
   *
   * @param concerns whether this is about the server that holds a key.
   */
  ready(concerns: (key: string) => boolean): void
  lost(error: Error): void
  /** A server follows another one by now, and nobody has told. */
  demoted(): void
  /** What a server holds is not what it held before, although nothing was lost. `concerns` as above. */
  exchanged(concerns: (key: string) => boolean): void
  /** A key of this instance alone: of a cluster's servers one that holds it is looked for among many, by number. */
  canary(part: number): string
}
