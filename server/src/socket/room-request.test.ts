import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_KEY_LENGTH, parseRoomRequest, stripPrefix } from './room-request.ts'

describe('parseRoomRequest', () => {
  test('[W15] [W16] a room, plain and under /server', () => {
    const expected = {
      kind: 'room',
      request: {
        room: 'lobby',
        extended: false,
        takesMoved: false,
        key: undefined,
        generation: undefined,
        token: undefined,
      },
    }
    expect(parseRoomRequest('/ws/lobby')).toEqual(expected)
    expect(parseRoomRequest('/server/ws/lobby')).toEqual(expected)
    expect(parseRoomRequest('/ws/%6Cobby?')).toEqual(expected)
  })

  test.each([
    '/ws',
    '/ws/',
    '/ws/a/b',
    '/ws/lobby/',
    '/ws//lobby',
    '/ws/.',
    '/ws/..',
    '/ws/%2e%2e',
    '/ws/a%2Fb',
    '/ws/%',
    '/ws/a b',
    `/ws/${'a'.repeat(129)}`,
    '/server/ws/../lobby',
    '/ws/caf%C3%A9',
  ])('[W15] %s is no room', (target) => {
    expect(parseRoomRequest(target)).toEqual({ kind: 'bad-room' })
  })

  test.each([
    '/',
    '',
    '/wss/lobby',
    '/wslobby',
    '/room/lobby',
    '/server',
    '/serverws/lobby',
    '/server/server/ws/a',
    '*',
  ])('[W16] %s is another path', (target) => {
    expect(parseRoomRequest(target)).toEqual({ kind: 'unknown-path' })
  })

  test('[W11] v, key and gen are read together, token always', () => {
    expect(parseRoomRequest('/ws/lobby?v=1&key=tab&gen=7&token=s%20e')).toMatchObject({
      request: { extended: true, key: 'tab', generation: 7, token: 's e' },
    })
    expect(parseRoomRequest('/ws/lobby?key=tab&gen=seven&token=t')).toMatchObject({
      request: { extended: false, key: undefined, generation: undefined, token: 't' },
    })
  })

  test.each(['', '0', '-1', 'x', '1.5', ' 1', '01'])('[W11] v=%s does not ask for extensions', (v) => {
    expect(parseRoomRequest(`/ws/lobby?v=${v}`)).toMatchObject({ request: { extended: false } })
  })

  test('[W11] a later version of the wire still gets this one', () => {
    expect(parseRoomRequest('/ws/lobby?v=9')).toMatchObject({ request: { extended: true, takesMoved: true } })
  })

  test('[W11] [W40] moved entries are for who asks for version 2', () => {
    expect(parseRoomRequest('/ws/lobby?v=1')).toMatchObject({
      request: { extended: true, takesMoved: false },
    })
    expect(parseRoomRequest('/ws/lobby?v=2')).toMatchObject({ request: { extended: true, takesMoved: true } })
  })

  test('[W11] a key too long and a generation that is no number are named', () => {
    expect(parseRoomRequest(`/ws/lobby?v=1&key=${'k'.repeat(MAX_KEY_LENGTH)}`).kind).toBe('room')
    expect(parseRoomRequest(`/ws/lobby?v=1&key=${'k'.repeat(MAX_KEY_LENGTH + 1)}`)).toEqual({
      kind: 'bad-parameter',
      parameter: 'key',
    })
    for (const gen of ['-1', '1.5', 'x', '9'.repeat(16)])
      expect(parseRoomRequest(`/ws/lobby?v=1&gen=${gen}`), gen).toEqual({
        kind: 'bad-parameter',
        parameter: 'gen',
      })
  })

  test('[W15] any target gives an answer, never a throw', () => {
    const target = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .tuple(fc.constantFrom('/ws/', '/server/ws/', '/ws/a?', '/ws/a?v=1&'), fc.string())
        .map((p) => p.join('')),
    )
    fc.assert(
      fc.property(target, (text) => {
        expect(['room', 'unknown-path', 'bad-room', 'bad-parameter']).toContain(parseRoomRequest(text).kind)
      }),
    )
  })
})

test('[W16] the prefix is stripped once, and only as a whole segment', () => {
  expect(['/server/ws', '/server', '/servers/ws', '/server/server/x', '/ws'].map(stripPrefix)).toEqual([
    '/ws',
    '',
    '/servers/ws',
    '/server/x',
    '/ws',
  ])
})
