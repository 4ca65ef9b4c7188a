import { encodeSyncStep2, encodeUpdate } from '@roomful/shared'
import fc from 'fast-check'
import * as Y from 'yjs'
import { clientFrame } from '../flood.ts'
import type { Random } from '../random.ts'
import { encodeSketch, hostileSketch } from '../room/hostile-update.ts'
import { mutateUpdate, mutations } from '../room/mutated-update.ts'
import { writeTogether } from '../room/random-document.ts'
import { HARMLESS_MESSAGES, REFUSED_MESSAGES, type MakeMessage } from './messages.ts'
import { HARMLESS_UPDATES, KEPT_UPDATES, REFUSED_UPDATES, type MakeUpdate, type Victim } from './updates.ts'
import { HOSTILE_WIRES } from './wire-bytes.ts'

/** One way to hurt a room. */
export interface HostileKind {
  readonly name: string
  /** What its attacker is closed with; `any` documented code where it depends on chance. */
  readonly code: number | 'open' | 'any'
  /** It is within the rules: the room may keep what it says. */
  readonly isKept: boolean
  /** Bytes behind the handshake; `mutation` 0 is the attack as it is meant, the others are changed somewhere. */
  readonly make: (random: Random, victim: Victim, mutation: number) => Buffer
}

/** Any documented code may end a mutated attack: who changes bytes at random may hit anything. */
export const DOCUMENTED: ReadonlySet<number | 'open'> = new Set(['open', 1002, 1003, 1007, 1009, 4400, 4413])

function fromUpdates(
  updates: Readonly<Record<string, MakeUpdate>>,
  code: HostileKind['code'],
  isKept = false,
): HostileKind[] {
  return Object.entries(updates).map(([name, make]) => ({
    name,
    code,
    isKept,
    make: (random, victim, mutation) => {
      const update = mutate(make(random, victim), random, mutation)
      return clientFrame(random.chance(0.5) ? encodeUpdate(update) : encodeSyncStep2(update))
    },
  }))
}

function fromMessages(messages: Readonly<Record<string, MakeMessage>>, code: number | 'open'): HostileKind[] {
  return Object.entries(messages).map(([name, make]) => ({
    name,
    code,
    isKept: false,
    make: (random, victim, mutation) => clientFrame(mutate(make(random, victim), random, mutation)),
  }))
}

const WORLD = [77_000_001, 77_000_002, 3_900_000_000]

/** Well-formed updates whose structs refer to one another in any way. */
const STRUCTURES: HostileKind = {
  name: 'an update of any structure',
  code: 'any',
  isKept: true,
  make: (random) =>
    clientFrame(encodeUpdate(encodeSketch(hostileSketch(random, WORLD, () => random.int(3), true)))),
}

/** What people really write, with its structure changed: still well-formed, no longer what any Yjs would say. */
const CHANGED: HostileKind = {
  name: 'a valid update of changed structure',
  code: 'any',
  isKept: true,
  make: (random) => {
    const { docs } = writeTogether(random, { authors: 2, edits: 16 })
    const changes = fc.sample(mutations, { seed: random.int(2 ** 31), numRuns: 1 })[0] ?? []
    return clientFrame(encodeUpdate(mutateUpdate(Y.encodeStateAsUpdate(docs[0] as Y.Doc), changes)))
  },
}

/** All kinds. What is mutated may become lawful by chance, so every room may keep a little of it. */
export const HOSTILE_KINDS: readonly HostileKind[] = [
  ...fromUpdates(REFUSED_UPDATES, 4400),
  ...fromUpdates(HARMLESS_UPDATES, 'open'),
  ...fromUpdates(KEPT_UPDATES, 'open', true),
  STRUCTURES,
  CHANGED,
  ...fromMessages(REFUSED_MESSAGES, 4400),
  ...fromMessages(HARMLESS_MESSAGES, 'open'),
  ...Object.entries(HOSTILE_WIRES).map(([name, { make, code }]) => ({
    name,
    code,
    isKept: false,
    make: (random: Random) => make(random),
  })),
]

/** Changes a few bytes: another value, one more, one less, a piece twice. */
function mutate(bytes: Uint8Array, random: Random, mutation: number): Uint8Array {
  if (mutation === 0 || bytes.length === 0) return bytes
  let mutated = Array.from(bytes.subarray(0, 20_000))
  for (let times = random.between(1, 3); times > 0; times--) {
    const at = random.int(mutated.length)
    switch (random.int(4)) {
      case 0:
        mutated[at] = random.pick([0, 1, 0x7f, 0x80, 0xff, random.int(256)]) ?? 0
        break
      case 1:
        mutated.splice(at, 0, random.int(256))
        break
      case 2:
        mutated.splice(at, 1)
        break
      default:
        mutated = [...mutated.slice(0, at), ...mutated.slice(random.int(at + 1))].slice(0, 40_000)
    }
  }
  return Uint8Array.from(mutated)
}
