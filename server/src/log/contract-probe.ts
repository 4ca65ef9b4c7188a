import { parseRoomName, type RoomName } from '@roomful/shared'
import type {
  EntryMeta,
  Fence,
  LogBackend,
  LogEntry,
  LogHead,
  LogSink,
  Position,
  RoomLog,
  RoomSummary,
} from './room-log.ts'

/** The two functions of a test framework that the suite needs: those of vitest, Jest, Mocha or `node:test`. */
export interface TestRunner {
  describe(name: string, define: () => void): void
  test(name: string, run: () => Promise<void>): void
}

/** One backend under test, with nothing stored in it. */
export interface LogFixture {
  readonly backend: LogBackend
  /** Closes the backend and opens another one over the same bytes; absent where nothing outlives a backend. */
  readonly reopen?: (() => Promise<LogBackend>) | undefined
  /** Closes what is open and removes what was stored. */
  dispose(): Promise<void>
}

/** Runs one test of the suite against a backend of its own. */
export type LogTest = (name: string, run: (fixture: LogFixture) => Promise<void>) => void

/** A sink that keeps what it hears. */
export class LogProbe implements LogSink {
  readonly entries: LogEntry[] = []
  readonly gaps: Error[] = []
  readonly rewinds: LogHead[] = []
  deletions = 0

  onEntry(entry: LogEntry): void {
    this.entries.push(entry)
  }

  onAwareness(): void {
    // presence is not part of this suite: one instance has nobody to tell
  }

  onInstanceGone(): void {
    // as above
  }

  onGap(error: Error): void {
    this.gaps.push(error)
  }

  onRewound(head: LogHead): void {
    this.rewinds.push(head)
  }

  onDeleted(): void {
    this.deletions += 1
  }

  get positions(): Position[] {
    return this.entries.map((entry) => entry.position)
  }

  get texts(): string[] {
    return this.entries.map((entry) => textOf(entry.update))
  }
}

export const META: EntryMeta = { instanceId: 'instance-1', userId: 'ada', at: 1_790_000_000_000 }

/** A room name that is known to be one. */
export function roomNamed(name: string): RoomName {
  const room = parseRoomName(name)
  if (room === undefined) throw new Error(`not a room name: ${name}`)
  return room
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

export async function readTexts(log: RoomLog, after: Position): Promise<string[]> {
  return (await collect(log.read(after))).map((entry) => textOf(entry.update))
}

/** Appends without waiting in between; resolves with the positions. */
export function appendAll(log: RoomLog, texts: readonly string[]): Promise<Position[]> {
  return Promise.all(texts.map((text) => log.append(bytesOf(text), META)))
}

export function summariesOf(backend: LogBackend, after?: RoomName): Promise<RoomSummary[]> {
  return collect(backend.rooms(after))
}

/** The fence of a first compaction: based on the head as it was opened. */
export function fenceOf(log: RoomLog, upTo: Position): Fence {
  const { epoch, generation, upTo: basedOn } = log.head
  return { epoch, generation, basedOn, upTo }
}

/** `count` texts that name their place. */
export function numbered(count: number, prefix = ''): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`)
}

/** The `code` of the rejection. @throws where the promise resolves. */
export async function rejectionCode(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    if (error instanceof Error && 'code' in error) return error.code
    throw error
  }
  throw new Error('resolved where a rejection was due')
}
