import {
  encodeHello,
  encodeSyncStep2,
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
  readonly message: Uint8Array
  readonly isCached: boolean
}

/** The state vector of an empty document: a cold join. */
const EMPTY_VECTOR_LENGTH = 1

/** Answers to SyncStep1: one SyncStep2 each, the cold one framed once for all who join at the same state. */
export class Joins {
  readonly #content: AnsweringContent
  #cold: { readonly version: number; readonly message: Uint8Array } | undefined

  constructor(content: AnsweringContent) {
    this.#content = content
  }

  /** @returns `undefined` where the state vector is malformed. */
  answer(stateVector: Uint8Array): JoinAnswer | undefined {
    const isCold = stateVector.length === EMPTY_VECTOR_LENGTH && stateVector[0] === 0
    const { version } = this.#content
    if (isCold && this.#cold?.version === version) return { message: this.#cold.message, isCached: true }
    const update = this.#content.answer(stateVector)
    if (update === undefined) return undefined
    const message = encodeSyncStep2(update)
    if (isCold) this.#cold = { version, message }
    return { message, isCached: false }
  }

  /** Gives the cold frame's memory back; joins come in crowds or not at all. */
  forget(): void {
    this.#cold = undefined
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
  }
  return encodeHello(JSON.stringify(hello))
}
