import { expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { Random } from '../../../tests/support/random.ts'
import { HistoryError, HonestHistory, type TestedRoom } from '../../../tests/support/room/honest-history.ts'
import { seeds, SEEDS_FACTOR } from '../../../tests/support/seeds.ts'
import type { FrozenContent, RoomContent } from './room-content.ts'

vi.setConfig({ testTimeout: 60_000 * SEEDS_FACTOR })

const STEPS = 300

test('[I2] honest clients are never refused, and all of them end with what a cold joiner loads', async () => {
  for (const seed of seeds(12)) {
    try {
      await HonestHistory.run(new Random(seed), STEPS)
    } catch (cause) {
      throw new Error(`seed ${seed}, ${STEPS} steps`, { cause })
    }
  }
})

/** A room that is right but for what a mutant overrides. */
class Room implements TestedRoom {
  protected readonly content: RoomContent

  constructor(content: RoomContent) {
    this.content = content
  }

  admit(update: Uint8Array): ReturnType<RoomContent['admit']> {
    return this.content.admit(update)
  }

  answer(vector: Uint8Array): Uint8Array | undefined {
    return this.content.answer(vector)
  }

  encodeStateVector(): Uint8Array {
    return this.content.encodeStateVector()
  }

  clock(client: number): number {
    return this.content.clock(client)
  }

  freeze(): FrozenContent {
    return this.content.freeze()
  }

  rebase(snapshot: Uint8Array, frozen: FrozenContent): Promise<Uint8Array | undefined> {
    return this.content.rebase(snapshot, frozen)
  }
}

class AnswersWithoutDeletes extends Room {
  override answer(vector: Uint8Array): Uint8Array | undefined {
    const answer = super.answer(vector)
    // an answer to S is `0, D`
    const deletes = super.answer(this.content.encodeStateVector())
    if (answer === undefined || deletes === undefined) return undefined
    return Uint8Array.of(...answer.subarray(0, answer.length - deletes.length + 1), 0)
  }
}

/** Whoever has all structs of the base gets the tail with the tail's deletes. */
class ServesTheTailOnly extends Room {
  #baseVector: Uint8Array = Uint8Array.of(0)
  #tail: Uint8Array[] = []

  override admit(update: Uint8Array): ReturnType<RoomContent['admit']> {
    const admission = super.admit(update)
    if (admission.kind === 'append') this.#tail.push(admission.update)
    return admission
  }

  override async rebase(snapshot: Uint8Array, frozen: FrozenContent): Promise<Uint8Array | undefined> {
    const lacked = await super.rebase(snapshot, frozen)
    this.#baseVector = frozen.stateVector
    this.#tail = this.#tail.slice(frozen.tailCount)
    return lacked
  }

  override answer(vector: Uint8Array): Uint8Array | undefined {
    const known = Y.decodeStateVector(vector)
    const hasBase = [...Y.decodeStateVector(this.#baseVector)].every(
      ([client, clock]) => (known.get(client) ?? 0) >= clock,
    )
    if (!hasBase || this.#tail.length === 0) return super.answer(vector)
    return Y.diffUpdate(Y.mergeUpdates(this.#tail), vector)
  }
}

/** S from `parseUpdateMeta` of what came in: it counts gaps and what stands behind them. */
class CountsGaps extends Room {
  readonly #claimed = new Map<number, number>()

  override admit(update: Uint8Array): ReturnType<RoomContent['admit']> {
    const admission = super.admit(update)
    if (admission.kind !== 'refused') {
      for (const [client, clock] of Y.parseUpdateMeta(update).to) {
        this.#claimed.set(client, Math.max(clock, this.#claimed.get(client) ?? 0))
      }
    }
    return admission
  }

  override encodeStateVector(): Uint8Array {
    const vector = Y.decodeStateVector(super.encodeStateVector())
    for (const [client, clock] of this.#claimed) vector.set(client, Math.max(clock, vector.get(client) ?? 0))
    return Y.encodeStateVector(vector)
  }
}

class RefusesGaps extends Room {
  override admit(update: Uint8Array): ReturnType<RoomContent['admit']> {
    const hasGap = Y.decodeUpdate(update).structs.some((struct) => struct instanceof Y.Skip)
    return hasGap ? { kind: 'refused', reason: 'a gap' } : super.admit(update)
  }
}

test.each([
  ['answers without the delete set', AnswersWithoutDeletes],
  ['serves the tail only', ServesTheTailOnly],
  ['counts gaps in its state vector', CountsGaps],
  ['refuses gaps', RefusesGaps],
])('a room that %s is found out', async (_, Mutant) => {
  let found: HistoryError | undefined
  for (let seed = 1; seed <= 60 && found === undefined; seed++) {
    try {
      await HonestHistory.run(new Random(seed), STEPS, (content) => new Mutant(content))
    } catch (error) {
      if (!(error instanceof HistoryError)) throw error
      found = error
    }
  }
  expect(found).toBeInstanceOf(HistoryError)
})
