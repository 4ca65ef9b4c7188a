import { expect, test } from 'vitest'
import { weigh } from '../support/weigh.ts'

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

test('a program with every hook, RoomProvider and Cursors: at most 5.81 kB beyond react, yjs and the provider', async () => {
  const bytes = await weigh('tests/support/react-hooks.ts', PEERS)
  expect(bytes).toBeGreaterThan(4 * KB)
  expect(bytes).toBeLessThanOrEqual(5.81 * KB)
})

// over the 6 kB: docs/decisions/0015-what-the-size-budgets-count.md
test('all of @roomful/react, with Chat, AvatarStack and ConnectionStatus: at most 8.01 kB', async () => {
  const bytes = await weigh('client/react/src/index.ts', PEERS)
  expect(bytes).toBeLessThanOrEqual(8.01 * KB)
})
