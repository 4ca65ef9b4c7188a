import { testAppends } from './contract-appends.ts'
import { testCompaction } from './contract-compaction.ts'
import { testDeletion } from './contract-deletion.ts'
import { testLifecycle } from './contract-lifecycle.ts'
import { testListing } from './contract-listing.ts'
import type { LogFixture, LogTest, TestRunner } from './contract-probe.ts'
import { testReplay } from './contract-replay.ts'

/**
 * The contract of {@link LogBackend} as tests: every adapter passes all of them. The test framework is a parameter
 * and assertions are Node's, so that this module imports none.
 *
 * @param name what is under test, for the report
 * @param createFixture makes a backend with nothing stored; called once per test
 * @param runner `describe` and `test` of your framework
 * @example
 * import { describe, test } from 'vitest'
 * import { runLogBackendTests } from '@roomful/server/testing'
 *
 * runLogBackendTests('my log', async () => {
 *   const backend = await createMyLog()
 *   return { backend, dispose: () => backend.close() }
 * }, { describe, test })
 */
export function runLogBackendTests(
  name: string,
  createFixture: () => Promise<LogFixture>,
  runner: TestRunner,
): void {
  const logTest: LogTest = (title, run) => {
    runner.test(title, async () => {
      const fixture = await createFixture()
      try {
        await run(fixture)
      } finally {
        await fixture.dispose()
      }
    })
  }
  runner.describe(`log backend: ${name}`, () => {
    testAppends(logTest)
    testReplay(logTest)
    testCompaction(logTest)
    testListing(logTest)
    testDeletion(logTest)
    testLifecycle(logTest)
  })
}
