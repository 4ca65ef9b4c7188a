import { DEFAULT_LIMITS } from '@roomful/shared'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import type { Clock } from './clock.ts'
import { LargeUpdates, type LargeAdmission } from './room-large-updates.ts'
import { RoomContent } from './room/room-content.ts'
import { createInlineReader, type UpdateReader } from './update-reader.ts'

/** Turns of the loop that are taken by hand. */
class Turns implements Clock {
  readonly #due: (() => void)[] = []

  now(): number {
    return 0
  }

  after(): () => void {
    throw new Error('nothing here waits for time')
  }

  endOfTurn(run: () => void): void {
    this.#due.push(run)
  }

  /** Takes turns until `isDone`. */
  async until(isDone: () => boolean): Promise<void> {
    while (!isDone()) {
      for (const run of this.#due.splice(0)) run()
      await Promise.resolve()
    }
  }
}

function updateOf(text: string): Uint8Array {
  const doc = new Y.Doc()
  doc.getText('note').insert(0, text)
  return Y.encodeStateAsUpdate(doc)
}

async function setUp(reader?: UpdateReader) {
  const clock = new Turns()
  const content = await RoomContent.open(undefined)
  const logged: string[] = []
  const large = new LargeUpdates({
    content,
    options: { clock, limits: DEFAULT_LIMITS },
    reader: reader ?? createInlineReader(clock),
    admitted: (admission) => {
      logged.push(admission.kind)
      return admission
    },
  })
  const admit = async (update: Uint8Array): Promise<LargeAdmission> => {
    let outcome: LargeAdmission | undefined
    large.admit(update, undefined, (admission) => (outcome = admission))
    await clock.until(() => outcome !== undefined)
    return outcome ?? { kind: 'known' }
  }
  return { content, large, logged, admit }
}

describe('large updates', () => {
  test('one is admitted later, handed to the log, and alone only while it has to be', async () => {
    const { content, large, logged, admit } = await setUp()
    const update = updateOf('x'.repeat(200_000))
    expect((await admit(update)).kind).toBe('append')
    expect(logged).toEqual(['append'])
    expect(large.isAlone).toBe(false)
    expect(content.encodeStateVector()).toEqual(Y.encodeStateVectorFromUpdate(update))
  })

  test('[W4] what is no update is refused, and changes nothing', async () => {
    const { logged, admit } = await setUp()
    expect((await admit(new Uint8Array(200_000).fill(255))).kind).toBe('refused')
    expect(logged).toEqual([])
  })

  test('where nothing can be read now it is unread, whatever was thrown', async () => {
    const reader: UpdateReader = {
      read: () => Promise.reject(new Error('the thread ended')),
      compare: () => Promise.resolve(true),
      close: () => Promise.resolve(),
    }
    const { logged, admit } = await setUp(reader)
    expect(await admit(updateOf('x'))).toMatchObject({
      kind: 'unread',
      error: { message: 'the thread ended' },
    })
    expect(logged).toEqual([])
  })
})
