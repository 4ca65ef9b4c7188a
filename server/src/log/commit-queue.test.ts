import { describe, expect, test } from 'vitest'
import type { Clock } from '../clock.ts'
import { COMMIT_SPACING_MS, CommitQueue, type Commit, type CommitStats } from './commit-queue.ts'
import type { StoreOp } from './level-store.ts'
import { LogError } from './log-error.ts'

const META_RECORD = { key: 'meta', encode: () => new Uint8Array(0) }

/** A queue whose turns end, whose writes finish and whose time passes when the test says so. */
class HandDriven {
  readonly writes: { readonly keys: string[]; finish: (error?: Error) => void }[] = []
  readonly stats: CommitStats[] = []
  readonly events: string[] = []
  readonly delays: { readonly ms: number; readonly run: () => void }[] = []
  now = 0
  #turns: (() => void)[] = []
  readonly queue: CommitQueue

  constructor() {
    const clock: Clock = {
      now: () => this.now,
      after: () => () => undefined,
      endOfTurn: (run) => void this.#turns.push(run),
    }
    const write = (ops: readonly StoreOp[]): Promise<void> =>
      new Promise((resolve, reject) => {
        const finish = (error?: Error): void => (error === undefined ? resolve() : reject(error))
        this.writes.push({ keys: ops.map((op) => op.key), finish })
      })
    const delay = (ms: number, run: () => void): (() => void) => {
      const entry = { ms, run }
      this.delays.push(entry)
      return () => void this.delays.splice(this.delays.indexOf(entry), 1)
    }
    this.queue = new CommitQueue({ clock, delay, write, onCommit: (stats) => void this.stats.push(stats) })
  }

  endTurn(): void {
    for (const run of this.#turns.splice(0)) run()
  }

  push(key: string, options: { bytes?: number; refusal?: LogError } = {}): void {
    const commit: Commit = {
      bytes: options.bytes ?? 1,
      plan: (batch) => {
        if (options.refusal !== undefined) return options.refusal
        batch.put(key, new Uint8Array(0))
        batch.putLast(META_RECORD)
        return undefined
      },
      committed: () => void this.events.push(key),
      refused: (error) => void this.events.push(`${key}: ${error.code}`),
    }
    this.queue.push(commit)
  }

  /** The write took `tookMs`; by default as long as writes are apart. */
  async finish(write: number, error?: Error, tookMs: number = COMMIT_SPACING_MS): Promise<void> {
    this.now += tookMs
    this.writes[write]?.finish(error)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

const KEYS = (hand: HandDriven): string[][] => hand.writes.map((write) => write.keys)

describe('[P14] group commit', () => {
  test('what is pushed in one turn is one write, and what is asked for last is written once behind it', async () => {
    const hand = new HandDriven()
    for (const key of ['a', 'b', 'c']) hand.push(key)
    expect(hand.writes).toEqual([])
    hand.endTurn()
    expect(KEYS(hand)).toEqual([['a', 'b', 'c', 'meta']])
    expect(hand.events).toEqual([])
    await hand.finish(0)
    expect(hand.events).toEqual(['a', 'b', 'c'])
    expect(hand.stats).toEqual([{ commits: 3, bytes: 3, ms: 10 }])
    expect(hand.queue.pendingBytes).toBe(0)
  })

  test('what is pushed while a write is under way waits for it and goes together', async () => {
    const hand = new HandDriven()
    hand.push('a')
    hand.endTurn()
    hand.push('b')
    hand.push('c')
    hand.endTurn()
    expect(KEYS(hand)).toEqual([['a', 'meta']])
    expect(hand.queue.pendingBytes).toBe(3)
    await hand.finish(0)
    expect(KEYS(hand).slice(1)).toEqual([['b', 'c', 'meta']])
    expect(hand.events).toEqual(['a'])
  })

  test('what is pushed in the microtask behind a settled write starts the next one', async () => {
    const hand = new HandDriven()
    hand.push('a')
    hand.endTurn()
    hand.now += COMMIT_SPACING_MS
    hand.writes[0]?.finish()
    // every microtask between the write's end and the next turn is a moment at which a caller may push again
    for (let index = 0; index < 20; index += 1) {
      hand.push(`m${index}`)
      await Promise.resolve()
    }
    hand.endTurn()
    for (let write = 1; write < 4; write += 1) await hand.finish(write)
    hand.endTurn()
    await hand.finish(hand.writes.length - 1)
    expect(hand.events).toHaveLength(21)
  })

  test('writes begin at most every ten milliseconds, the first at once', async () => {
    const hand = new HandDriven()
    hand.push('a')
    hand.endTurn()
    hand.push('b')
    await hand.finish(0, undefined, 3)
    hand.push('c')
    hand.endTurn()
    expect(KEYS(hand)).toEqual([['a', 'meta']])
    expect(hand.delays.map(({ ms }) => ms)).toEqual([7])
    hand.now += 7
    hand.delays[0]?.run()
    expect(KEYS(hand)[1]).toEqual(['b', 'c', 'meta'])
    await hand.finish(1)
    hand.push('d')
    hand.endTurn()
    expect(KEYS(hand)[2]).toEqual(['d', 'meta'])
    expect(hand.delays).toEqual([])
  })

  test('what fills a write waits for no time, nor does a close, nor anything after the clock was set back', async () => {
    const hand = new HandDriven()
    hand.now = 1_000
    hand.push('a')
    hand.endTurn()
    await hand.finish(0, undefined, 1)
    hand.push('large', { bytes: 4 * 1024 * 1024 })
    hand.endTurn()
    expect(KEYS(hand)[1]).toEqual(['large', 'meta'])
    await hand.finish(1, undefined, -500)
    hand.push('earlier')
    hand.endTurn()
    expect(KEYS(hand)[2]).toEqual(['earlier', 'meta'])
    await hand.finish(2, undefined, 1)
    hand.push('last')
    expect(hand.delays).toHaveLength(1)
    const closed = hand.queue.close()
    expect(hand.delays).toEqual([])
    expect(KEYS(hand)[3]).toEqual(['last', 'meta'])
    await hand.finish(3)
    await closed
  })

  test('a write stays below 4 MiB, except for a single commit that is larger', async () => {
    const hand = new HandDriven()
    const mebibyte = 1024 * 1024
    for (const [key, size] of [
      ['a', 3],
      ['b', 1],
      ['c', 1],
      ['d', 9],
      ['e', 1],
    ] as const) {
      hand.push(key, { bytes: size * mebibyte })
    }
    hand.endTurn()
    for (let write = 0; write < 4; write += 1) await hand.finish(write)
    expect(KEYS(hand).map((keys) => keys.slice(0, -1))).toEqual([['a', 'b'], ['c'], ['d'], ['e']])
    expect(hand.events).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  test('a refused commit writes nothing and holds up nobody', async () => {
    const hand = new HandDriven()
    const refusal = new LogError('fenced', 'stale')
    hand.push('alone', { refusal })
    hand.endTurn()
    await hand.finish(0)
    expect(hand.writes).toEqual([])
    hand.push('a')
    hand.push('b', { refusal })
    hand.push('c')
    hand.endTurn()
    await hand.finish(0)
    expect(KEYS(hand)).toEqual([['a', 'c', 'meta']])
    expect(hand.events).toEqual(['alone: fenced', 'b: fenced', 'a', 'c'])
  })

  test('close writes what waits without another turn, then refuses', async () => {
    const hand = new HandDriven()
    hand.push('a')
    const closed = hand.queue.close()
    hand.push('late')
    expect(KEYS(hand)).toEqual([['a', 'meta']])
    hand.endTurn()
    await hand.finish(0)
    await closed
    expect(hand.events).toEqual(['late: closed', 'a'])
    await hand.queue.close()
  })

  test('when the store gives up everything that waits is refused, in order', async () => {
    const hand = new HandDriven()
    hand.push('a')
    hand.endTurn()
    hand.push('b')
    await hand.finish(0, new LogError('closed', 'gave up'))
    await hand.finish(1, new Error('whatever'))
    expect(hand.events).toEqual(['a: closed', 'b: closed'])
    expect(hand.queue.pendingBytes).toBe(0)
  })
})
