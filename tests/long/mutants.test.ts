import { resolve } from 'node:path'
import { encodeSyncStep1, encodeSyncStep2 } from '@roomful/shared'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import type { RoomContent } from '../../server/src/room/room-content.ts'
import { MUTANT_QUERY } from '../support/mutants/mutant-plugin.ts'
import { SOURCE_MUTANTS } from '../support/mutants/source-mutants.ts'
import { encodeSketch } from '../support/room/hostile-update.ts'
import { RoomHarness } from '../support/room-harness/room-harness.ts'
import { ENTRY_BY_ENTRY, MORE_MUTANTS } from '../support/simulator/mutants.ts'
import { generateOperations } from '../support/simulator/operations.ts'
import { openRealRoom, openRoomOf, type RoomModule } from '../support/simulator/real-room.ts'
import { MAX_STEPS } from '../support/simulator/recorded.ts'
import { runHistory } from '../support/simulator/run-history.ts'
import { runSeeds } from '../support/simulator/seeds.ts'

/** Each is caught by the first few. */
const WITHIN_SEEDS = 60

/** The history in which each mutant is caught. */
const CAUGHT_BY_SEED: Readonly<Record<string, number>> = {
  'only who has nothing is told what was deleted': 3,
  'the first struct of an answer is not sliced': 120,
  'Skips are refused': 552,
  'per-client maxima stand for the simulation': 17,
  'sections that wait are not woken': 5,
  'S is what parseUpdateMeta says': 18,
  'S is what encodeStateVectorFromUpdate says': 0,
  'deletes are not clipped to S': 2,
  'overlaps are stored unsliced': 10,
  'the key bit tells a map entry': 5,
  'what was received is sent on, not what was stored': 2,
  'who sends what cannot be integrated is closed': 0,
  'a sync status is answered while an ask is outstanding': 34,
  'a sync status does not wait for what an ask brought': 13,
  'whoever knows less of itself than the room is told of a thief': 278,
  'a compaction drops what came meanwhile': 0,
}

type Contents = typeof RoomContent

/** What hundreds of honest histories seldom meet: whether a room keeps the rule. */
const CAUGHT_BY_PROBE: Readonly<Record<string, (contents: Contents) => Promise<boolean>>> = {
  async 'a section that comes twice is read'(contents) {
    const struct = { kind: 'string', length: 1 } as const
    const twice = [0, 1].map((clock) => ({ client: 5, clock, structs: [struct] }))
    return (await contents.open(undefined)).admit(encodeSketch({ sections: twice })).kind === 'refused'
  },
  async 'D is not subtracted from deletes'(contents) {
    const content = await contents.open(undefined)
    const doc = new Y.Doc()
    doc.getText('note').insert(0, 'hello')
    doc.getText('note').delete(1, 3)
    content.admit(Y.encodeStateAsUpdate(doc))
    // what each client says again at each reconnect
    return content.admit(Y.encodeStateAsUpdate(doc)).kind === 'known'
  },
  async 'there is no map rule'(contents) {
    const content = await contents.open(undefined)
    const doc = new Y.Doc()
    doc.clientID = 9
    doc.getMap('cards').set('card', new Y.Map([['color', 'mint']]))
    content.admit(Y.encodeStateAsUpdate(doc))
    const poison = encodeSketch({
      sections: [{ client: 5, clock: 0, structs: [{ kind: 'any', length: 2, parent: [9, 0], key: 'k' }] }],
      deletes: [[5, [[1, 1]]]],
    })
    return content.admit(poison).kind === 'refused'
  },
}

/** The same, where it takes members to see it. */
const CAUGHT_BY_WIRE: Readonly<Record<string, (rooms: RoomModule) => Promise<boolean>>> = {
  async 'what a SyncStep2 misses is forgotten'(rooms) {
    const room = await RoomHarness.open({}, rooms)
    const [first, second] = keystrokes()
    if (first === undefined || second === undefined) throw new Error('there are three keystrokes')
    const [late, owner] = [room.join(), room.join()]
    // what it builds on is pending in its own document too: only somebody else can bring it
    room.receive(late, encodeSyncStep1(Uint8Array.of(0)), encodeSyncStep2(second))
    room.turn()
    late.take()
    room.receive(owner, encodeSyncStep2(first))
    room.turn()
    return late.takeOf('sync-step1').length === 1
  },
}

/** One of the few histories whose end has format marks that Yjs would clean up. */
const JOINED_SEED = 48

function keystrokes(): Uint8Array[] {
  const doc = new Y.Doc()
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  for (const letter of 'abc') doc.getText('note').insert(0, letter)
  return updates
}

async function load<T>(file: string, mutant: string | undefined): Promise<T> {
  const query = mutant === undefined ? '' : `${MUTANT_QUERY}${mutant}`
  // parsed by nobody: the module is the same file, with a line of it changed
  return (await import(/* @vite-ignore */ `${resolve(file)}${query}`)) as T
}

const contentsOf = async (mutant?: string): Promise<Contents> =>
  (await load<{ RoomContent: Contents }>('server/src/room/room-content.ts', mutant)).RoomContent
const roomsOf = async (mutant?: string): Promise<RoomModule> =>
  (await load<{ Room: RoomModule }>('server/src/room.ts', mutant)).Room

async function violationOf(rooms: RoomModule, seed: number): Promise<string | undefined> {
  const result = await runHistory({ openRoom: openRoomOf(rooms) }, generateOperations(seed, MAX_STEPS))
  return result.violation
}

describe('room-log.md, each rule broken', () => {
  test('every mutant of the source has what catches it', () => {
    const caught = [
      ...Object.keys(CAUGHT_BY_SEED),
      ...Object.keys(CAUGHT_BY_PROBE),
      ...Object.keys(CAUGHT_BY_WIRE),
    ]
    expect(caught.toSorted()).toEqual(SOURCE_MUTANTS.map(({ name }) => name).toSorted())
  })

  test.each(Object.entries(CAUGHT_BY_SEED))('the simulator notices when %s: seed %i', async (name, seed) => {
    expect(await violationOf(await roomsOf(), seed)).toBeUndefined()
    expect(await violationOf(await roomsOf(name), seed)).toBeDefined()
  })

  test.each(Object.entries(CAUGHT_BY_PROBE))('it is seen when %s', async (name, keepsRule) => {
    expect(await keepsRule(await contentsOf())).toBe(true)
    expect(await keepsRule(await contentsOf(name))).toBe(false)
  })

  test.each(Object.entries(CAUGHT_BY_WIRE))('members see it when %s', async (name, keepsRule) => {
    expect(await keepsRule(await roomsOf())).toBe(true)
    expect(await keepsRule(await roomsOf(name))).toBe(false)
  })

  test.each(MORE_MUTANTS)('the simulator notices when $name', async ({ worldOptions }) => {
    const result = await runSeeds(worldOptions({ openRoom: openRealRoom }), {
      from: 0,
      to: WITHIN_SEEDS,
      maxSteps: MAX_STEPS,
      file: 'tests/integration/room-simulator.test.ts',
      shrink: { runs: 0, ms: 0 },
    })
    expect(result.failure).toBeDefined()
  })

  test(`who only joins writes nothing; told the snapshot and then entry by entry it deletes format marks for everybody: seed ${JOINED_SEED}`, async () => {
    const sound = { openRoom: openRealRoom }
    const operations = generateOperations(JOINED_SEED, MAX_STEPS)
    expect((await runHistory(sound, operations)).newcomerWrites).toBe(0)
    const mutant = ENTRY_BY_ENTRY.worldOptions(sound)
    expect((await runHistory(mutant, operations)).newcomerWrites).toBeGreaterThan(0)
  })
})
