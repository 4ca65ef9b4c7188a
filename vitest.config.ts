import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'

/** Workspace packages resolve to their TypeScript source, so that tests need no build. */
const SOURCE = '@roomful/source'

function project(
  name: string,
  include: string[],
  limits: { testTimeout?: number; hookTimeout?: number; maxWorkers?: number } = {},
): TestProjectInlineConfiguration {
  return {
    resolve: { conditions: [SOURCE, 'module', 'browser', 'development|production'] },
    ssr: {
      resolve: {
        conditions: [SOURCE, 'module', 'node', 'development|production'],
        // for what Node loads itself: without it a package outside the bundle would get our builds
        externalConditions: [SOURCE],
      },
    },
    // a file that needs a DOM says so in its first line: // @vitest-environment jsdom
    test: { name, include, environment: 'node', setupFiles: ['tests/support/one-yjs.ts'], ...limits },
  }
}

export default defineConfig({
  test: {
    projects: [
      project('unit', ['{shared,server,client/*}/src/**/*.test.{ts,tsx}', 'scripts/**/*.test.mjs']),
      project('integration', ['tests/integration/**/*.test.ts'], {
        testTimeout: 120_000,
        hookTimeout: 60_000,
      }),
      // one browser at a time: two cores drive it and the server
      project('browser', ['tests/browser/**/*.test.ts'], {
        testTimeout: 60_000,
        hookTimeout: 120_000,
        maxWorkers: 1,
      }),
      project('long', ['tests/long/**/*.test.ts'], { testTimeout: 900_000, hookTimeout: 120_000 }),
    ],
  },
})
