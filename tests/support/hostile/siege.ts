import * as Y from 'yjs'
import { acknowledged } from '../acknowledged.ts'
import { Random } from '../random.ts'
import { connectStock, type StockClient } from '../stock-client.ts'
import { readMetric, type ServerProcess } from '../test-server.ts'
import { waitFor } from '../wait.ts'
import { DOCUMENTED, type HostileKind } from './kinds.ts'
import { attack, type AttackEnd } from './raw-attack.ts'

/** What a siege saw. */
export interface SiegeReport {
  /** How often attacks ended how. */
  readonly ends: ReadonlyMap<AttackEnd, number>
  /** The longest delay of the server's loop meanwhile. */
  readonly longestMs: number
}

/** Between two looks of a busy server at its own loop. */
const LOOK_MS = 20
/** Attacks under way at once. */
const AT_ONCE = 16

/**
 * Attacks of some kinds, `mutations` times each, on a room with two honest people in it. After them: both still hold one
 * document, on the sockets they came with, see each other and nobody else, and a newcomer gets the same. Fails with kind and
 * seed.
 */
export async function besiege(
  server: ServerProcess,
  kinds: readonly HostileKind[],
  mutations: number,
  seed: number,
): Promise<SiegeReport> {
  const ends = new Map<AttackEnd, number>()
  const context = `${kinds.map(({ name }) => name).join(' + ')} (seed ${seed})`
  try {
    await withPeople(server, `siege-${seed}`, async (ann) => {
      const random = new Random(seed)
      for (const kind of kinds) {
        for (let first = 0; first < mutations; first += AT_ONCE) {
          const count = Math.min(AT_ONCE, mutations - first)
          const batch = Array.from({ length: count }, async (_, i) => {
            const victim = { clientId: ann.clientID, clock: Y.getState(ann.store, ann.clientID) }
            const end = await attack(server.port, `siege-${seed}`, kind.make(random, victim, first + i))
            ends.set(end, (ends.get(end) ?? 0) + 1)
            const isExpected = first + i > 0 || kind.code === 'any' ? DOCUMENTED.has(end) : end === kind.code
            if (!isExpected) throw new Error(`mutation ${first + i} of "${kind.name}" ended ${end}`)
          })
          await Promise.all(batch)
        }
      }
      // a mutated attack may have become lawful by chance
      return mutations > 1 || kinds.some(({ isKept }) => isKept)
    })
  } catch (error) {
    throw new Error(`${context}: ${String(error)}`, { cause: error })
  }
  const latestMs = 1_000 * (await readMetric(server.url, 'roomful_event_loop_delay_max_seconds'))
  // a turn may have begun right behind a look
  const longestMs = latestMs + LOOK_MS
  return { ends, longestMs }
}

/** `run` says whether the room may hold something that is not of the two. */
async function withPeople(
  server: ServerProcess,
  room: string,
  run: (ann: Y.Doc) => Promise<boolean>,
): Promise<void> {
  const [ann, ben] = [connectStock(server.wsUrl, room), connectStock(server.wsUrl, room)]
  try {
    ann.provider.awareness.setLocalState({ user: { id: 'ann', name: 'Ann' } })
    ben.provider.awareness.setLocalState({ user: { id: 'ben', name: 'Ben' } })
    ann.doc.getText('note').insert(0, 'Ann was here. ')
    await sameText('before', ann, ben)
    await seeEachOther(ann, ben)
    const mayHoldMore = await run(ann.doc)
    // behind all that the room has said: who was written for under her own clientID goes on under another
    await acknowledged(ann)
    ann.doc.getText('note').insert(0, 'Ann goes on. ')
    ben.doc.getText('note').insert(0, 'So does Ben. ')
    await sameText('behind', ann, ben)
    await seeEachOther(ann, ben)
    const newcomer = connectStock(server.wsUrl, room)
    try {
      await sameText('for a newcomer', ann, newcomer)
      if (!mayHoldMore) onlyHonest(newcomer, [ann, ben])
    } finally {
      newcomer.destroy()
    }
    const opened = [ann.frames.opened, ben.frames.opened].join()
    if (opened !== '1,1') throw new Error(`honest people were thrown out: ${opened} sockets`)
  } finally {
    ann.destroy()
    ben.destroy()
  }
}

function sameText(when: string, a: StockClient, b: StockClient): Promise<void> {
  const textOf = ({ doc }: StockClient): string => doc.getText('note').toJSON()
  return waitFor(`one document ${when}`, () => {
    const [left, right] = [Y.encodeStateVector(a.doc), Y.encodeStateVector(b.doc)]
    return left.length > 1 && Buffer.compare(left, right) === 0 && textOf(a) === textOf(b)
  })
}

function seeEachOther(a: StockClient, b: StockClient): Promise<void> {
  const isSeen = (by: StockClient, who: StockClient): boolean => {
    const state = by.provider.awareness.getStates().get(who.provider.awareness.clientID)
    const own = who.provider.awareness.getLocalState()
    return (
      own !== null &&
      JSON.stringify(state) === JSON.stringify(own) &&
      by.provider.awareness.getStates().size === 2
    )
  }
  return waitFor('both to see each other and nobody else', () => isSeen(a, b) && isSeen(b, a))
}

function onlyHonest({ doc }: StockClient, honest: readonly StockClient[]): void {
  const ids = new Set(honest.map((client) => client.doc.clientID))
  for (const client of doc.store.clients.keys())
    if (!ids.has(client)) throw new Error(`the room kept something of client ${client}`)
}
