import {
  encodeFragments,
  encodeHello,
  encodeSyncStep2,
  FRAGMENT_THRESHOLD_BYTES,
  PROTOCOL_VERSION,
  type Durability,
  type Hello,
  type Limits,
} from '@roomful/shared'
import type { Member } from './member.ts'

/** The document as joins need it. */
export interface AnsweringContent {
  readonly version: number
  /** The update of the one SyncStep2; `undefined` where the vector is malformed. */
  answer(stateVector: Uint8Array): Uint8Array | undefined
}

/** What hello says of a room. */
export interface HelloFacts {
  readonly generation: number
  readonly durability: Durability
  readonly now: number
  readonly limits: Limits
  readonly instanceId: string
}

/** An answer to SyncStep1, and whether others got the same bytes. */
export interface JoinAnswer {
  /** One message, or its fragments: they are sent one behind the other with nothing between. */
  readonly frames: readonly Uint8Array[]
  readonly isCached: boolean
}

interface ColdAnswer {
  readonly version: number
  readonly frames: readonly Uint8Array[]
}

/** The state vector of an empty document: a cold join. */
const EMPTY_VECTOR_LENGTH = 1

/**
 * Answers to SyncStep1: one SyncStep2 each, the cold one framed once for all who join at the same state. To members with
 * the extensions a large one goes as fragments of that one message: several updates would cost them 20 times the work.
 */
export class Joins {
  readonly #content: AnsweringContent
  /** As stock clients and as extended ones get it; where it is small, both get the same. */
  #coldWhole: ColdAnswer | undefined
  #coldFragments: ColdAnswer | undefined
  /** Since `forget` was last called. */
  #isWanted = false

  constructor(content: AnsweringContent) {
    this.#content = content
  }

  /**
   * @param extended whether the member takes fragments.
   * @returns `undefined` where the state vector is malformed.
   */
  answer(stateVector: Uint8Array, extended: boolean): JoinAnswer | undefined {
    const isCold = stateVector.length === EMPTY_VECTOR_LENGTH && stateVector[0] === 0
    if (isCold) this.#isWanted = true
    const cached = isCold ? this.#cached(extended) : undefined
    if (cached !== undefined) return { frames: cached.frames, isCached: true }
    const { version } = this.#content
    const update = this.#content.answer(stateVector)
    if (update === undefined) return undefined
    const message = encodeSyncStep2(update)
    const isCut = extended && message.length > FRAGMENT_THRESHOLD_BYTES
    const frames = isCut ? encodeFragments(message) : [message]
    if (isCold && isCut) this.#coldFragments = { version, frames }
    else if (isCold) this.#coldWhole = { version, frames }
    return { frames, isCached: false }
  }

  #cached(extended: boolean): ColdAnswer | undefined {
    const isCurrent = (cold: ColdAnswer | undefined): boolean => cold?.version === this.#content.version
    if (extended && isCurrent(this.#coldFragments)) return this.#coldFragments
    const isSmall = (this.#coldWhole?.frames[0]?.length ?? 0) <= FRAGMENT_THRESHOLD_BYTES
    return isCurrent(this.#coldWhole) && (isSmall || !extended) ? this.#coldWhole : undefined
  }

  /**
   * From time to time: gives the cold frames' memory back where nobody has wanted them since the last call. Joins come in
   * crowds or not at all.
   *
   * @returns whether there is still something to forget
   */
  forget(): boolean {
    if (!this.#isWanted) this.drop()
    this.#isWanted = false
    return this.#coldWhole !== undefined || this.#coldFragments !== undefined
  }

  /** Gives it back at once. */
  drop(): void {
    this.#coldWhole = undefined
    this.#coldFragments = undefined
  }
}

/** Message 103 for one member. */
export function encodeHelloFor(member: Member, facts: HelloFacts): Uint8Array {
  const { frameBytes, awarenessBytes, updatesPerSecond } = facts.limits
  const hello: Hello = {
    protocol: PROTOCOL_VERSION,
    generation: facts.generation,
    durability: facts.durability,
    now: facts.now,
    permission: member.permission,
    limits: { frameBytes, awarenessBytes, updatesPerSecond },
    instanceId: facts.instanceId,
    ...(member.user !== undefined && { user: member.user }),
  }
  return encodeHello(JSON.stringify(hello))
}
