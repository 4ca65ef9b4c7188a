import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import { mutantPlugin } from './tests/support/mutants/mutant-plugin.ts'

/** Workspace packages resolve to their TypeScript source, so that tests need no build. */
const SOURCE = '@roomful/source'

/** How the files of a project run. */
interface Pace {
  /** Generous: a deadline ends a broken test, it never measures; continuous integration has slow days. */
  readonly testTimeout: number
  readonly hookTimeout: number
  /** Vitest leaves one core idle by default, which on two cores is half. */
  readonly maxWorkers: number | string
  /** Vitest asks for an order of its own for each number of workers. */
  readonly groupOrder: number
  /** `false`: the files of a worker share its modules, which saves starting each anew. */
  readonly isolate?: boolean
  /** Tries after a failure; who needed one is named at the end of the run. */
  readonly retry?: number
}

/**
 * A browser of hundreds of threads, or processes that are killed, starved and cut off, on two shared cores: see
 * docs/decisions/0031. Unit tests have no second try.
 */
const RETRIES = 1

function project(name: string, include: string[], pace: Pace): TestProjectInlineConfiguration {
  const { groupOrder, ...limits } = pace
  return {
    plugins: [mutantPlugin()],
    resolve: { conditions: [SOURCE, 'module', 'browser', 'development|production'] },
    ssr: {
      resolve: {
        conditions: [SOURCE, 'module', 'node', 'development|production'],
        // for what Node loads itself: without it a package outside the bundle would get our builds
        externalConditions: [SOURCE],
      },
    },
    test: {
      name,
      include,
      // a file that needs a DOM says so in its first line: // @vitest-environment jsdom
      environment: 'node',
      setupFiles: ['tests/support/one-yjs.ts'],
      // a deadline that ends a broken test, not a measure: vitest's own is one second
      expect: { poll: { timeout: 60_000 } },
      sequence: { groupOrder },
      ...limits,
    },
  }
}

export default defineConfig({
  test: {
    projects: [
      project('unit', ['{shared,server,client/*}/src/**/*.test.{ts,tsx}', 'scripts/**/*.test.mjs'], {
        testTimeout: 120_000,
        hookTimeout: 120_000,
        maxWorkers: '100%',
        groupOrder: 0,
        isolate: false,
      }),
      project('integration', ['tests/integration/*.test.ts'], {
        testTimeout: 300_000,
        hookTimeout: 120_000,
        maxWorkers: '100%',
        groupOrder: 1,
        isolate: false,
        retry: RETRIES,
      }),
      // those that need globals of their own: a DOM, counts of everything the process holds
      project('integration-alone', ['tests/integration/alone/*.test.ts'], {
        testTimeout: 300_000,
        hookTimeout: 120_000,
        maxWorkers: '100%',
        groupOrder: 1,
        retry: RETRIES,
      }),
      // one browser at a time: two cores drive it and the server
      project('browser', ['tests/browser/*.test.ts'], {
        testTimeout: 300_000,
        hookTimeout: 300_000,
        maxWorkers: 1,
        groupOrder: 2,
        isolate: false,
        retry: RETRIES,
      }),
      // what would take `npm test` over its eight minutes
      project('browser-long', ['tests/browser/long/*.test.ts'], {
        testTimeout: 300_000,
        hookTimeout: 300_000,
        maxWorkers: 1,
        groupOrder: 3,
        isolate: false,
        retry: RETRIES,
      }),
      // one test of twenty minutes that mostly waits: it runs beside the others
      project('soak', ['tests/long/soak/*.test.ts'], {
        testTimeout: 5_400_000,
        hookTimeout: 120_000,
        maxWorkers: 1,
        groupOrder: 5,
      }),
      project('long', ['tests/long/*.test.ts'], {
        testTimeout: 900_000,
        hookTimeout: 120_000,
        maxWorkers: '100%',
        groupOrder: 4,
        retry: RETRIES,
      }),
    ],
  },
})
