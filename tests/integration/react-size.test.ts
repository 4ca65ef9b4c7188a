import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import plugins from '@size-limit/preset-small-lib'
import sizeLimit from 'size-limit'
import { expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const KB = 1_000
const PEERS = [
  'react',
  'react/*',
  'yjs',
  'lib0/*',
  'y-protocols/*',
  'y-websocket',
  '@roomful/provider',
  '@roomful/shared',
]

/** Bytes of a module and what it imports, bundled and minified by esbuild, gzipped; without what is in `ignore`. */
async function weigh(file: string): Promise<number> {
  const check = {
    files: [join(ROOT, file)],
    ignore: PEERS,
    gzip: true,
    modifyEsbuildConfig: (config: object) => ({
      ...config,
      conditions: ['@roomful/source'],
      format: 'esm',
      jsx: 'automatic',
      target: 'es2022',
    }),
  }
  const [result] = await sizeLimit([...plugins], { checks: [check] })
  if (result?.size === undefined) throw new Error(`${file} was not weighed`)
  return result.size
}

test('a program with every hook, RoomProvider and Cursors: at most 6 kB beyond react, yjs and the provider', async () => {
  const bytes = await weigh('tests/support/react-hooks.ts')
  expect(bytes).toBeGreaterThan(4 * KB)
  expect(bytes).toBeLessThanOrEqual(6 * KB)
})

// over the 6 kB: docs/decisions/0015-what-the-size-budgets-count.md
test('all of @roomful/react, with Chat, AvatarStack and ConnectionStatus: at most 8.1 kB', async () => {
  const bytes = await weigh('client/react/src/index.ts')
  expect(bytes).toBeLessThanOrEqual(8.1 * KB)
})
