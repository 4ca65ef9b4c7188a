import { Random } from '../random.ts'

/**
 * How often each kind of step is taken. What a step does in detail comes from its own seed and the moment it meets, so
 * that dropping other steps from a history keeps it meaningful.
 */
export const OPERATION_WEIGHTS = {
  edit: 64,
  undo: 5,
  up: 44,
  down: 44,
  tabs: 18,
  overtake: 12,
  turn: 10,
  persist: 18,
  acknowledge: 18,
  settle: 14,
  stall: 1,
  heal: 4,
  crash: 1,
  start: 12,
  offline: 2,
  online: 8,
  notice: 4,
  disconnect: 2,
  connect: 14,
  open: 4,
  close: 2,
  reload: 2,
  copy: 2,
  store: 2,
  presence: 8,
  remount: 1,
  ask: 14,
  resync: 3,
  time: 10,
  slow: 2,
  drain: 3,
  compact: 4,
  rebuild: 8,
  unload: 1,
  leave: 1,
  flush: 5,
  gossip: 0,
  deafen: 0,
  lapse: 0,
} as const

/** Where several instances share the storage: more of them fall and rise, and they talk to each other. */
export const SHARED_WEIGHTS: Readonly<Record<OperationKind, number>> = {
  ...OPERATION_WEIGHTS,
  persist: 30,
  acknowledge: 40,
  crash: 2,
  unload: 3,
  gossip: 40,
  deafen: 2,
  lapse: 1,
}

/** The kinds of steps. */
export type OperationKind = keyof typeof OPERATION_WEIGHTS

/** One step of a history. */
export interface Operation {
  readonly kind: OperationKind
  readonly seed: number
}

/** The history of a seed: a few tabs, then anything. */
export function generateOperations(
  seed: number,
  maxSteps = 400,
  weights: Readonly<Record<OperationKind, number>> = OPERATION_WEIGHTS,
): Operation[] {
  const random = new Random(seed)
  const operations: Operation[] = [{ kind: 'start', seed: random.uint32() }]
  const tabs = random.between(2, 4)
  for (let tab = 0; tab < tabs; tab++) operations.push({ kind: 'open', seed: random.uint32() })
  const steps = random.between(Math.min(60, maxSteps), maxSteps)
  for (let step = 0; step < steps; step++) {
    operations.push({ kind: random.weighted(weights), seed: random.uint32() })
  }
  return operations
}

/** A history as one word, to paste into a test. */
export function encodeOperations(operations: readonly Operation[]): string {
  return operations.map(({ kind, seed }) => `${kind}:${seed.toString(36)}`).join(' ')
}

/** The history {@link encodeOperations} wrote. */
export function decodeOperations(text: string): Operation[] {
  return text
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => {
      const [kind = '', seed = ''] = word.split(':')
      if (!isKind(kind)) throw new Error(`no such operation: ${word}`)
      return { kind, seed: Number.parseInt(seed, 36) }
    })
}

function isKind(kind: string): kind is OperationKind {
  return kind in OPERATION_WEIGHTS
}
