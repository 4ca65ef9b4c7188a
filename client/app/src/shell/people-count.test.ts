// @vitest-environment jsdom
import { LOBBY } from '@roomful/shared'
import { expect, test } from 'vitest'
import { onlineUrl } from './people-count.ts'

test('[U54] counts are asked for where the sockets are, also under a prefix', () => {
  expect(onlineUrl(LOBBY, 'wss://rooms.example/ws')).toBe('https://rooms.example/api/v1/rooms/lobby/online')
  expect(onlineUrl(LOBBY, 'ws://10.0.0.7:3000/server/ws')).toBe(
    'http://10.0.0.7:3000/server/api/v1/rooms/lobby/online',
  )
})
