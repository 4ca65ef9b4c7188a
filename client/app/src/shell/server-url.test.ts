import { expect, test } from 'vitest'
import { serverUrl } from './server-url.ts'

const HERE = { protocol: 'https:', host: 'rooms.example:8443' }

test('sockets are where the page came from, unless the build says otherwise', () => {
  expect(serverUrl(undefined, HERE)).toBe('wss://rooms.example:8443/ws')
  expect(serverUrl('', { protocol: 'http:', host: '10.0.0.7:3000' })).toBe('ws://10.0.0.7:3000/ws')
  expect(serverUrl('wss://elsewhere.example/ws/', HERE)).toBe('wss://elsewhere.example/ws')
})

test('a path is one of the server the page came from, so that one build serves every address', () => {
  expect(serverUrl('/server/ws', HERE)).toBe('wss://rooms.example:8443/server/ws')
})
