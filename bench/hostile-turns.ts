import type { ContentBounds } from '../server/src/room/content-bounds.ts'
import { readUpdate } from '../server/src/room/read-update.ts'
import { RoomContent } from '../server/src/room/room-content.ts'

/** What one update cost its room, in ms of CPU. */
export interface Turns {
  readonly outcome: string
  readonly count: number
  readonly longestMs: number
  /** The turn in which it came into force. */
  readonly lastMs: number
  readonly allMs: number
  /** Scanning, which another thread does. */
  readonly scanMs: number
  /** State vector and answer for a joiner who has nothing. */
  readonly joinMs: number
}

/** Admits an update as the room does where it is large, and measures each turn. */
export async function admitInSlicesOf(update: Uint8Array, bounds: ContentBounds): Promise<Turns> {
  const content = await RoomContent.open(undefined, undefined, bounds)
  let outcome = 'refused'
  const turns: number[] = []
  const [result, scanMs] = measured(() => readUpdate(update, bounds.structs))
  if (result.kind === 'read') {
    const steps = content.admitInSlices(result.layout)
    for (let isDone = false; !isDone;) {
      const [step, turnMs] = measured(() => steps.next())
      turns.push(turnMs)
      isDone = step.done === true
      if (step.done === true) outcome = step.value.kind
    }
  } else {
    outcome = result.kind
  }
  const [, joinMs] = measured(() => [content.encodeStateVector(), content.answer(Uint8Array.of(0))])
  return {
    outcome,
    count: turns.length,
    longestMs: Math.max(0, ...turns),
    lastMs: turns.at(-1) ?? 0,
    allMs: turns.reduce((sum, turn) => sum + turn, 0),
    scanMs,
    joinMs,
  }
}

function measured<T>(run: () => T): [T, number] {
  const before = process.cpuUsage()
  const result = run()
  const { user, system } = process.cpuUsage(before)
  return [result, (user + system) / 1_000]
}
