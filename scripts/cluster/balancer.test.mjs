import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createBalancer } from './balancer.mjs'
import { createWindowNames } from './window-names.mjs'

/** @type {(() => unknown)[]} */
const cleanups = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/**
 * @param {import('node:net').Server} server
 * @returns {Promise<number>} its port
 */
async function listening(server) {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanups.push(() => server.close())
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/**
 * An instance that answers the first bytes with its name and what it was sent.
 *
 * @param {string} name
 */
async function instance(name) {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.once('data', (bytes) => socket.end(`${name} ${bytes.toString('latin1')}`))
  })
  return { name, port: await listening(server), server }
}

/**
 * @param {number} port
 * @param {string} text
 * @returns {Promise<string>} everything that comes back
 */
async function ask(port, text) {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.write(text)
  let answer = ''
  for await (const bytes of socket) answer += String(bytes)
  return answer
}

const SOCKET = 'GET /ws/lobby?v=1&key=secret&token=t HTTP/1.1\r\n\r\n'
const PAGE = 'GET /assets/a.js HTTP/1.1\r\n\r\n'

/** @param {string} answer */
const nameIn = (answer) => answer.split(' ')[0]

test('sockets and pages take turns of their own, and bytes pass unchanged', async () => {
  const all = [await instance('one'), await instance('two')]
  const port = await listening(createBalancer(() => all))
  expect(await ask(port, SOCKET)).toBe(`one ${SOCKET}`)
  const pages = [await ask(port, PAGE), await ask(port, PAGE), await ask(port, PAGE)]
  expect(pages.map(nameIn)).toEqual(['one', 'two', 'one'])
  expect(nameIn(await ask(port, SOCKET.replace('/ws', '/server/ws')))).toBe('two')
})

test('who is gone is passed over; with nobody left the answer is 503 and when to come again', async () => {
  const [gone, there] = [await instance('gone'), await instance('there')]
  gone.server.close()
  await once(gone.server, 'close')
  /** @type {string[]} */
  const led = []
  const port = await listening(
    createBalancer(
      () => [gone, there],
      ({ name }, { room, key }) => led.push(`${name} ${room} ${key}`),
    ),
  )
  expect(nameIn(await ask(port, SOCKET))).toBe('there')
  expect(led).toEqual(['there lobby secret'])
  const empty = await listening(createBalancer(() => []))
  expect(await ask(empty, PAGE)).toMatch(/^HTTP\/1\.1 503 .*\r\nRetry-After: 1\r\n/)
  const dead = await listening(createBalancer(() => [gone]))
  expect(await ask(dead, PAGE)).toMatch(/^HTTP\/1\.1 503 /)
})

test('a window keeps its number, and its secret is not part of its name', () => {
  const nameOf = createWindowNames()
  const visit = (/** @type {string | undefined} */ key) => nameOf({ room: 'lobby', key })
  expect(['a', 'b', 'a', undefined, 'c'].map(visit)).toEqual([
    'window 1',
    'window 2',
    'window 1',
    'a client',
    'window 3',
  ])
})

test('of very many windows the ones not seen for longest are forgotten', () => {
  const nameOf = createWindowNames()
  const visit = (/** @type {number} */ key) => nameOf({ room: 'lobby', key: String(key) })
  for (let key = 1; key <= 1_000; key++) visit(key)
  expect(visit(1)).toBe('window 1')
  expect(visit(1_001)).toBe('window 1001')
  expect(visit(1)).toBe('window 1')
  expect(visit(2)).toBe('window 1002')
})
