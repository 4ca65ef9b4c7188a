import { parseRoomName, type RoomName } from '@roomful/shared'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accessTo, parseRoomClaim } from './room-claim.ts'

function room(name: string): RoomName {
  const parsed = parseRoomName(name)
  if (parsed === undefined) throw new Error(`${name} is no room`)
  return parsed
}

const access = (claim: unknown, name: string): unknown => {
  const rules = parseRoomClaim(claim)
  return rules === undefined ? 'invalid' : accessTo(rules, room(name))
}

describe('[I7] the claim rooms', () => {
  test('opens nothing that it does not name', () => {
    for (const claim of [undefined, {}, [], { lobby: 'none' }, { 'team-*': 'write' }, ['lob', 'lobby2']])
      expect(access(claim, 'lobby'), JSON.stringify(claim)).toBe('none')
  })

  test('gives what it says, by name, by beginning, or everywhere', () => {
    expect(access({ lobby: 'read' }, 'lobby')).toBe('read')
    expect(access({ 'lob*': 'write' }, 'lobby')).toBe('write')
    expect(access({ '*': 'admin' }, 'lobby')).toBe('admin')
    expect(access(['lob*'], 'lobby')).toBe('write')
    expect(access({ 'lobby*': 'read' }, 'lobby')).toBe('read')
  })

  test('the exact name decides, then the longest beginning, whatever the order', () => {
    const rules = { '*': 'read', 'team-*': 'write', 'team-a*': 'none', 'team-alpha': 'admin' }
    const turned = Object.fromEntries(Object.entries(rules).reverse())
    for (const claim of [rules, turned]) {
      expect(access(claim, 'lobby')).toBe('read')
      expect(access(claim, 'team-beta')).toBe('write')
      expect(access(claim, 'team-anna')).toBe('none')
      expect(access(claim, 'team-alpha')).toBe('admin')
    }
  })

  test('names are exact: no case is folded, no dot means anything', () => {
    expect(access({ Lobby: 'write' }, 'lobby')).toBe('none')
    expect(access({ 'a.c': 'write' }, 'abc')).toBe('none')
  })

  test('anything else makes the token invalid', () => {
    const wrong = ['*', 7, true, null, { lobby: 'owner' }, { lobby: true }, { '': 'read' }, { 'a*b': 'read' }]
    for (const claim of [...wrong, { '**': 'read' }, { 'a/b': 'read' }, [7], [['lobby']], [null]])
      expect(access(claim, 'lobby'), JSON.stringify(claim)).toBe('invalid')
  })

  test('whatever JSON it is, it is rules or undefined, never a throw', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (claim) => {
        const rules = parseRoomClaim(claim)
        if (rules !== undefined) accessTo(rules, room('lobby'))
      }),
    )
  })
})
