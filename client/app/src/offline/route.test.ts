import { expect, test } from 'vitest'
import { routeOf } from './route.ts'

const HERE = 'https://rooms.example'
const ask = (path: string, mode = 'cors', method = 'GET') =>
  routeOf({ method, mode, url: new URL(path, HERE).href }, HERE)

test('sockets, REST and health never come out of a cache, plain or under /server, asked for by a page or a person', () => {
  const paths = [
    '/ws/lobby',
    '/api/v1/rooms',
    '/healthz',
    '/readyz',
    '/metrics',
    '/server/ws/lobby',
    '/server',
  ]
  for (const path of paths) {
    for (const mode of ['cors', 'navigate']) expect([path, ask(path, mode)]).toEqual([path, 'leave'])
  }
})

test('names that only begin like a path of the server are the app’s', () => {
  expect(ask('/wsx', 'navigate')).toBe('page')
  expect(ask('/rooms/api', 'navigate')).toBe('page')
})

test('every address a person goes to is the one page; files opened in a tab are left alone', () => {
  for (const path of ['/', '/rooms/lobby', '/rooms/design-review?x=1#m=2', '/no/such/place'])
    expect(ask(path, 'navigate')).toBe('page')
  expect(ask('/icon-512.png', 'navigate')).toBe('leave')
})

test('only reading is served, and only of this origin', () => {
  expect(ask('/assets/a.js')).toBe('file')
  expect(ask('/assets/a.js', 'cors', 'POST')).toBe('leave')
  expect(ask('https://elsewhere.example/assets/a.js')).toBe('leave')
})
