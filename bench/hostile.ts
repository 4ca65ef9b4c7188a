import { DEFAULT_LIMITS } from '@roomful/shared'
import { LARGE_UPDATES } from '../tests/support/hostile/large-updates.ts'
import { admitInSlicesOf, type Turns } from './hostile-turns.ts'

// CPU of the longest turn that updates of this size cost a room, hostile and honest: a large one in slices (it is scanned in
// another thread), then what a cold join costs. CPU time, so other processes do not count; least of three rounds.
// nice -n 19 node --conditions=@roomful/source --import tsx bench/hostile.ts [MB…]
const SIZES_MB = process.argv.slice(2).map(Number)
const MB = 1_000_000
const ROUNDS = 3

const bounds = {
  clients: DEFAULT_LIMITS.roomClients,
  structs: DEFAULT_LIMITS.roomStructs,
  deleteRanges: DEFAULT_LIMITS.roomDeleteRanges,
}

const ms = (value: number): string => value.toFixed(1)
console.log(
  '| update | MB | outcome | turns | longest, ms | of them: last | all, ms | scan elsewhere, ms | cold join, ms |',
)
console.log('|---|---|---|---|---|---|---|---|---|')
for (const { name, make } of LARGE_UPDATES) {
  for (const megabytes of SIZES_MB.length > 0 ? SIZES_MB : [0.13, 1, 4, 16]) {
    const update = make(megabytes * MB)
    let least: Turns | undefined
    for (let round = 0; round < ROUNDS; round++) {
      const turns = await admitInSlicesOf(update, bounds)
      if (least === undefined || turns.longestMs < least.longestMs) least = turns
    }
    if (least === undefined) throw new Error('no rounds')
    const { outcome, count, longestMs, lastMs, allMs, scanMs, joinMs } = least
    console.log(
      `| ${name} | ${(update.length / MB).toFixed(2)} | ${outcome} | ${count} | ${ms(longestMs)} | ${ms(lastMs)} | ${ms(allMs)} | ${ms(scanMs)} | ${ms(joinMs)} |`,
    )
  }
}
