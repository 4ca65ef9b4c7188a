import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Waits until a condition holds; fails with what was waited for. The deadline is generous: it is there to end a broken
 * test, never to measure.
 */
export async function waitFor(
  what: string,
  condition: () => boolean | Promise<boolean>,
  deadlineMs = 60_000,
): Promise<void> {
  const giveUpAt = Date.now() + deadlineMs
  while (!(await condition())) {
    if (Date.now() > giveUpAt) throw new Error(`waited ${deadlineMs} ms in vain for: ${what}`)
    await sleep(10)
  }
}

/** Lets real time pass: only for behaviour that is defined by elapsed time, such as "70 s idle". */
export async function idleFor(ms: number): Promise<void> {
  await sleep(ms)
}

/** Lets sockets and timers that are due have their turn. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
