import { expect, test } from 'vitest'
import { MAX_GONE_IDS, Roster } from './room-roster.ts'

const json = new TextEncoder().encode('{}')

function comeAndGo(roster: Roster, clientId: number, isHeld = false): void {
  const record = roster.claim(clientId)
  roster.issue(record, 1, json, undefined)
  if (isHeld) record.holder = 'elsewhere'
  roster.remove(record, 1)
  roster.takeDirty()
}

test('[I6] the clocks of ids that left are remembered up to a bound, oldest forgotten first', () => {
  const roster = new Roster()
  for (let id = 0; id < MAX_GONE_IDS + 5; id += 1) comeAndGo(roster, id)
  expect(roster.get(4)).toBeUndefined()
  expect(roster.get(5)?.clock.lastIssued).toBe(1)
  expect(roster.people).toBe(0)
})

test('an id that somebody still holds is not forgotten, however long it shows no state', () => {
  const roster = new Roster()
  comeAndGo(roster, 0, true)
  for (let id = 1; id < MAX_GONE_IDS + 5; id += 1) comeAndGo(roster, id)
  expect(roster.get(0)?.clock.lastIssued).toBe(1)
  expect(roster.get(1)).toBeUndefined()
})

test('people are counted once per user id, and once each without', () => {
  const roster = new Roster()
  const persons = ['a', 'a', 'b', undefined, undefined]
  for (const [id, person] of persons.entries()) roster.issue(roster.claim(id), 1, json, person)
  expect(roster.people).toBe(4)
  roster.remove(roster.claim(0), 1)
  expect(roster.people).toBe(4)
  roster.remove(roster.claim(1), 1)
  roster.remove(roster.claim(1), 1)
  roster.remove(roster.claim(3), 1)
  expect(roster.people).toBe(2)
})
