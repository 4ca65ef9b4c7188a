/**
 * What a unit is to the room's rules: `map` = entry of a map, `chat` = top level of the root `chat`, `other` = neither.
 */
export const ID_CLASS = { other: 0, map: 1, chat: 2 } as const
export type IdClass = (typeof ID_CLASS)[keyof typeof ID_CLASS]

/**
 * Classes of one client's units in clock order: each number is the run's first clock times four plus its class; a run
 * reaches to the next. Plain numbers: a client that only types costs one element.
 */
export type ClassRuns = number[]

/** Adds units from `clock` on. Clocks must grow from call to call. */
export function pushClass(runs: ClassRuns, clock: number, idClass: IdClass): void {
  const last = runs.length - 1
  if (last >= 0 && (runs[last] as number) % 4 === idClass) return
  runs.push(clock * 4 + idClass)
}

/** Class of the unit at `clock`, which must be a known one. */
export function classAt(runs: ClassRuns, clock: number): IdClass {
  let high = runs.length - 1
  if (high < 0) return ID_CLASS.other
  // most references are to what was written last
  if ((runs[high] as number) <= clock * 4 + 3) return ((runs[high] as number) % 4) as IdClass
  let low = 0
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if ((runs[middle] as number) <= clock * 4 + 3) low = middle
    else high = middle - 1
  }
  return ((runs[low] as number) % 4) as IdClass
}
