import { expect, test } from 'vitest'
import { welcome } from './welcome.mjs'

const LINE = '{"event":"listening","url":"http://127.0.0.1:3000","instanceId":"a"}'

/** @param {string} durability */
const ready = (durability) => ({
  get: async (/** @type {string} */ url) => {
    expect(url).toBe('http://127.0.0.1:3000/readyz')
    return Response.json({ durability })
  },
})

test('the greeting names the address, the folder and what "saved" means', async () => {
  const text = await welcome(LINE, { ...ready('disk'), env: {} })
  expect(text).toContain('http://127.0.0.1:3000/rooms/lobby')
  expect(text).toContain('embedded log in ./data')
  expect(text).toMatch(/"Saved".*synced to disk/)
})

test('without storage the greeting promises nothing', async () => {
  const text = await welcome(LINE, { ...ready('none'), env: { DATA_DIR: ':memory:' } })
  expect(text).toContain('memory, nothing is kept')
  expect(text).not.toContain('acknowledged is kept')
})

test('a line that is no JSON gives no greeting', async () => {
  await expect(welcome('hello', { env: {} })).rejects.toThrow(SyntaxError)
})
