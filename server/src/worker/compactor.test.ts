import { afterEach, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import type { Clock } from '../clock.ts'
import type { Compactor } from '../room-compactor.ts'
import { createCompactor, type CompactorOptions } from './compactor.ts'
import { LARGE_BYTES } from './supervised-thread.ts'

const opened: Compactor[] = []

function open(options: CompactorOptions = {}): Compactor {
  const compactor = createCompactor(options)
  opened.push(compactor)
  return compactor
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((compactor) => compactor.close()))
})

function update(text: string): Uint8Array {
  const doc = new Y.Doc()
  doc.getText('note').insert(0, text)
  return Y.encodeStateAsUpdate(doc)
}

function textOf(snapshot: Uint8Array): string {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, snapshot)
  return doc.getText('note').toJSON()
}

/** A clock whose timers run by hand. */
function manualClock(): { clock: Clock; fire: () => void } {
  const timers = new Set<() => void>()
  return {
    clock: {
      now: () => 0,
      after(_ms, run) {
        timers.add(run)
        return () => timers.delete(run)
      },
      endOfTurn: setImmediate,
    },
    fire: () => {
      const due = Array.from(timers)
      timers.clear()
      for (const run of due) run()
    },
  }
}

/** Thread entries that misbehave, as modules without a file. */
const entry = (source: string): URL => new URL(`data:text/javascript,${encodeURIComponent(source)}`)

describe('the compaction thread', () => {
  test('calls that overlap are answered each with its own document', async () => {
    const compactor = open()
    const results = await Promise.all(['one', 'two', 'three'].map((text) => compactor.compact(update(text))))
    expect(results.map((result) => textOf(result.snapshot))).toEqual(['one', 'two', 'three'])
  })

  test('the given bytes stay readable: they are not handed over', async () => {
    const bytes = update('kept')
    await open().compact(bytes)
    expect(textOf(bytes)).toBe('kept')
  })

  test('poisoned input rejects, and the same thread takes the next call', async () => {
    const compactor = open()
    await expect(compactor.compact(Uint8Array.of(1, 1, 200))).rejects.toThrow()
    expect(textOf((await compactor.compact(update('after'))).snapshot)).toBe('after')
  })

  test('a thread that dies rejects its call; the next one starts a new thread', async () => {
    const compactor = open({
      entry: entry(`
        import { parentPort, threadId } from 'node:worker_threads'
        parentPort.on('message', ({ id, update }) => {
          if (update.length === 1) process.exit(7)
          parentPort.postMessage({ id, ok: true, result: { snapshot: update, stateVector: Uint8Array.of(threadId) } })
        })`),
    })
    const before = await compactor.compact(new Uint8Array(2))
    await expect(compactor.compact(new Uint8Array(1))).rejects.toThrow('ended with code 7')
    const after = await compactor.compact(new Uint8Array(2))
    expect(after.stateVector).not.toEqual(before.stateVector)
  })

  test('a thread that had something large ends as soon as nothing waits; after small ones it stays', async () => {
    const compactor = open({
      entry: entry(`
        import { parentPort, threadId } from 'node:worker_threads'
        parentPort.on('message', ({ id, update }) => {
          parentPort.postMessage({ id, ok: true, result: { snapshot: update, stateVector: Uint8Array.of(threadId) } })
        })`),
    })
    const threadOf = async (bytes: number): Promise<number | undefined> =>
      (await compactor.compact(new Uint8Array(bytes))).stateVector[0]
    const first = await threadOf(1)
    expect(await threadOf(LARGE_BYTES)).toBe(first)
    const [large, behind] = await Promise.all([threadOf(LARGE_BYTES + 1), threadOf(1)])
    expect([large, behind]).toEqual([first, first])
    const next = await threadOf(1)
    expect(next).not.toBe(first)
    expect(await threadOf(1)).toBe(next)
  })

  test('a thread that throws outside of its calls rejects the call it has', async () => {
    const compactor = open({
      entry: entry(`
        import { parentPort } from 'node:worker_threads'
        parentPort.on('message', () => { setImmediate(() => { throw new Error('out of memory') }) })`),
    })
    await expect(compactor.compact(update('x'))).rejects.toThrow('out of memory')
  })

  test('a call that takes too long rejects, and what waited behind it gets a new thread', async () => {
    const { clock, fire } = manualClock()
    const compactor = open({
      clock,
      entry: entry(`
        import { parentPort } from 'node:worker_threads'
        parentPort.on('message', ({ id, update }) => {
          if (update.length === 1) for (;;);
          parentPort.postMessage({ id, ok: true, result: { snapshot: update, stateVector: update } })
        })`),
    })
    const stuck = compactor.compact(new Uint8Array(1))
    const behind = compactor.compact(new Uint8Array(2))
    fire()
    await expect(stuck).rejects.toThrow('took longer')
    expect((await behind).snapshot).toHaveLength(2)
  })

  test('closing rejects what runs and what waits, and every later call', async () => {
    const compactor = open()
    const running = compactor.compact(update('a'))
    const waiting = compactor.compact(update('b'))
    const outcomes = Promise.allSettled([running, waiting])
    await compactor.close()
    await compactor.close()
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    await expect(compactor.compact(update('c'))).rejects.toThrow('closed')
  })
})
