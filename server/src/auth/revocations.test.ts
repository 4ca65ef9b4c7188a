import { LIMIT_SPECS, LOBBY, parseRoomName } from '@roomful/shared'
import { describe, expect, test } from 'vitest'
import type { Granted } from './grant.ts'
import { MAX_REVOCATIONS } from '../log/revocation-set.ts'
import { Revocations } from './revocations.ts'

const OTHER = parseRoomName('other') ?? LOBBY
const T = 1_900_000_000_000

const grant = (id: string | undefined, issuedAt: number | undefined): Granted => ({
  access: 'write',
  user: id === undefined ? undefined : { id },
  expiresAt: undefined,
  issuedAt,
})

describe('[I7] Revocations', () => {
  test('of a person: what was issued until then, in every room, and nobody else', () => {
    const revocations = new Revocations()
    revocations.add({ userId: 'ada', at: T })
    expect(revocations.isRevoked(grant('ada', T), LOBBY)).toBe(true)
    expect(revocations.isRevoked(grant('ada', T - 1), OTHER)).toBe(true)
    expect(revocations.isRevoked(grant('ada', T + 1), LOBBY)).toBe(false)
    expect(revocations.isRevoked(grant('bob', T), LOBBY)).toBe(false)
    expect(revocations.isRevoked(grant(undefined, T), LOBBY)).toBe(false)
  })

  test('of a room, and of a person in a room', () => {
    const revocations = new Revocations()
    revocations.add({ room: LOBBY, at: T })
    revocations.add({ room: OTHER, userId: 'ada', at: T })
    expect(revocations.isRevoked(grant('bob', T), LOBBY)).toBe(true)
    expect(revocations.isRevoked(grant(undefined, T), LOBBY)).toBe(true)
    expect(revocations.isRevoked(grant('bob', T), OTHER)).toBe(false)
    expect(revocations.isRevoked(grant('ada', T), OTHER)).toBe(true)
  })

  test('of everybody', () => {
    const revocations = new Revocations()
    revocations.add({ at: T })
    expect(revocations.isRevoked(grant('ada', T), LOBBY)).toBe(true)
    expect(revocations.isRevoked(grant('ada', T + 1), LOBBY)).toBe(false)
  })

  test('what does not say when it was issued is the authorizer’s to judge', () => {
    const revocations = new Revocations()
    revocations.add({ at: T })
    expect(revocations.isRevoked(grant('ada', undefined), LOBBY)).toBe(false)
  })

  test('beyond the bound nobody who was revoked gets back in: the oldest counts for everybody', () => {
    const revocations = new Revocations()
    for (let i = 0; i <= MAX_REVOCATIONS; i++) revocations.add({ userId: `u${i}`, at: T + i })
    expect(revocations.isRevoked(grant('u0', T), LOBBY)).toBe(true)
    expect(revocations.isRevoked(grant('stranger', T), LOBBY)).toBe(true)
    // the one for everybody takes a place itself
    expect(revocations.isRevoked(grant('stranger', T + 2), LOBBY)).toBe(false)
    expect(revocations.isRevoked(grant(`u${MAX_REVOCATIONS}`, T), LOBBY)).toBe(true)
  })

  test('[limit:revocations] the bound is the limit’s, also where no limits are given', () => {
    expect(MAX_REVOCATIONS).toBe(LIMIT_SPECS.revocations.default)
    const revocations = new Revocations(2)
    const added = ['ada', 'bob', 'eve'].map((userId, i) => revocations.add({ userId, at: T + i }))
    expect(added.map(({ isFull }) => isFull)).toEqual([false, false, true])
    // two places: the one for everybody, and the last
    expect(revocations.isRevoked(grant('stranger', T + 1), LOBBY)).toBe(true)
    expect(revocations.isRevoked(grant('stranger', T + 2), LOBBY)).toBe(false)
    expect(revocations.isRevoked(grant('eve', T + 2), LOBBY)).toBe(true)
  })
})
