import { expect, test } from 'vitest'
import { welcome } from './welcome.mjs'

const LINE = '{"event":"listening","url":"http://127.0.0.1:3000","instanceId":"a"}'

/**
 * @param {string} durability
 * @param {string} kind
 */
const ready = (durability, kind) => ({
  get: async (/** @type {string} */ url) => {
    expect(url).toBe('http://127.0.0.1:3000/readyz')
    return Response.json({
      ready: true,
      durability,
      storage: { kind, state: 'ok' },
      redis: 'off',
      auth: 'open',
    })
  },
})

test('the greeting names the address, the folder and what "saved" means', async () => {
  const text = await welcome(LINE, { ...ready('disk', 'embedded'), env: {} })
  expect(text).toContain('http://127.0.0.1:3000/rooms/lobby')
  expect(text).toContain('embedded log in ./data')
  expect(text).toMatch(/"Saved".*synced to disk/)
})

test('without storage the greeting promises nothing', async () => {
  const text = await welcome(LINE, { ...ready('none', 'memory'), env: { DATA_DIR: ':memory:' } })
  expect(text).toContain('memory: nothing is kept')
  expect(text).not.toContain('everything is stored')
})

test('a line that is no JSON gives no greeting', async () => {
  await expect(welcome('hello', { env: {} })).rejects.toThrow(SyntaxError)
})

test.each(['always', 'everysec', 'none', 'unknown'])(
  'on Redis the greeting says what "saved" means: %s',
  async (policy) => {
    const text = await welcome(LINE, { ...ready(`redis-${policy}`, 'redis'), env: {} })
    expect(text).toMatch(/Storage +Redis/)
    expect(text).toMatch(/"Saved" +means \w+.* Redis/)
    expect(text).not.toContain('./data')
  },
)
