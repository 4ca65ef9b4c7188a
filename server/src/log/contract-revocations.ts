import assert from 'node:assert/strict'
import { roomNamed, type LogFixture, type TestRunner } from './contract-probe.ts'
import type { RevocationLog } from './revocation-log.ts'
import { RevocationSet, revocationKey, type Revocation } from './revocation-set.ts'
import type { LogBackend } from './room-log.ts'

/** The bound of the backends under test: revocations that are told apart. */
export const CONTRACT_REVOCATIONS = 20

/** A backend under test that tells {@link CONTRACT_REVOCATIONS} apart, and what stands beside it. */
export interface RevocationFixture extends LogFixture {
  /** Opens another backend on the same bytes while the first is open; absent where there is only one at a time. */
  readonly beside?: (() => Promise<LogBackend>) | undefined
}

const ROOM = roomNamed('lobby')
const T = 1_900_000_000_000

/** Hears revocations, and waits for them. */
class Ear {
  readonly heard = new RevocationSet(CONTRACT_REVOCATIONS)
  #changed: () => void = () => {}

  readonly sink = (revocations: readonly Revocation[]): void => {
    for (const revocation of revocations) this.heard.add(revocation)
    this.#changed()
  }

  get keys(): string[] {
    return [...this.heard].map(({ room, userId }) => revocationKey(room, userId)).toSorted()
  }

  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((resolve) => (this.#changed = resolve))
  }
}

async function listen(backend: LogBackend): Promise<{ log: RevocationLog; ear: Ear }> {
  const log = backend.revocations
  assert.ok(log !== undefined, 'the backend keeps no revocations')
  const ear = new Ear()
  await log.open(ear.sink)
  return { log, ear }
}

/**
 * The contract of {@link RevocationLog} as tests, for backends that have `revocations`.
 *
 * @example runRevocationLogTests('my log', createFixture, { describe, test })
 */
export function runRevocationLogTests(
  name: string,
  createFixture: () => Promise<RevocationFixture>,
  runner: TestRunner,
): void {
  const test = (title: string, run: (fixture: RevocationFixture) => Promise<void>): void => {
    runner.test(title, async () => {
      const fixture = await createFixture()
      try {
        await run(fixture)
      } finally {
        await fixture.dispose()
      }
    })
  }
  runner.describe(`revocations: ${name}`, () => {
    test('[I7] nothing is told where nothing was revoked, and what is added is told at least from its moment on', async ({
      backend,
    }) => {
      const { log, ear } = await listen(backend)
      assert.deepEqual(ear.keys, [])
      await log.add({ userId: 'ada', at: T })
      await log.add({ room: ROOM, at: T })
      await log.add({ room: ROOM, userId: 'a/b\nc', at: T })
      await ear.until(() => ear.heard.size === 3)
      assert.deepEqual(ear.keys, ['/ada', 'lobby/', 'lobby/a/b\nc'])
      assert.ok(ear.heard.momentOf(undefined, 'ada') > 0)
    })

    test('[I7] what was revoked is known after closing and opening, the latest moment of each', async ({
      backend,
      reopen,
    }) => {
      const { log, ear } = await listen(backend)
      await log.add({ userId: 'ada', at: T })
      await log.add({ userId: 'bob', at: T })
      await log.add({ userId: 'ada', at: T + 5 })
      await ear.until(() => ear.heard.size === 2)
      const latest = ear.heard.momentOf(undefined, 'ada')
      if (reopen === undefined) return
      const again = await listen(await reopen())
      assert.deepEqual(again.ear.keys, ['/ada', '/bob'])
      assert.ok(again.ear.heard.momentOf(undefined, 'ada') >= latest)
    })

    test('[I7] whoever stands beside hears of it, and a newcomer is told of all', async ({
      backend,
      beside,
    }) => {
      const first = await listen(backend)
      if (beside === undefined) {
        await first.log.add({ userId: 'ada', at: T })
        assert.deepEqual(first.ear.keys, ['/ada'])
        return
      }
      const second = await listen(await beside())
      await first.log.add({ userId: 'ada', at: T })
      await second.ear.until(() => second.ear.heard.size === 1)
      await second.log.add({ room: ROOM, at: T })
      await first.ear.until(() => first.ear.heard.size === 2)
      const third = await listen(await beside())
      assert.deepEqual(third.ear.keys, ['/ada', 'lobby/'])
      assert.deepEqual([...third.ear.heard].toSorted(byKey), [...first.ear.heard].toSorted(byKey))
    })

    test('[I7] one for everybody speaks for all before it', async ({ backend, reopen }) => {
      const { log, ear } = await listen(backend)
      await log.add({ userId: 'ada', at: T })
      await log.add({ at: T + 1 })
      await ear.until(() => ear.heard.everybody > 0)
      assert.deepEqual(ear.keys, ['/'])
      if (reopen !== undefined) assert.deepEqual((await listen(await reopen())).ear.keys, ['/'])
    })

    test(`[I7] beyond ${CONTRACT_REVOCATIONS} the oldest becomes one for everybody, here and after opening again`, async ({
      backend,
      reopen,
    }) => {
      const { log, ear } = await listen(backend)
      const extra = 3
      const adding: Promise<void>[] = []
      for (let i = 0; i < CONTRACT_REVOCATIONS + extra; i++)
        adding.push(log.add({ userId: `u${i}`, at: T + i }))
      await Promise.all(adding)
      await ear.until(() => ear.heard.everybody > 0 && ear.heard.size <= CONTRACT_REVOCATIONS)
      const { everybody } = ear.heard
      assert.ok(everybody < ear.heard.newest)
      assert.equal(ear.heard.momentOf(undefined, 'u0'), -Infinity)
      assert.equal(ear.heard.momentOf(undefined, `u${CONTRACT_REVOCATIONS + extra - 1}`), ear.heard.newest)
      if (reopen === undefined) return
      const again = await listen(await reopen())
      assert.equal(again.ear.heard.size, ear.heard.size)
      assert.equal(again.ear.heard.everybody, everybody)
    })
  })
}

function byKey(a: Revocation, b: Revocation): number {
  return revocationKey(a.room, a.userId) < revocationKey(b.room, b.userId) ? -1 : 1
}
