import { createUser, type PresenceUser } from '@roomful/shared'
import { describe, expect, test, vi } from 'vitest'
import { ManualClientClock } from '../../../tests/support/client-clock.ts'
import { Random } from '../../../tests/support/random.ts'
import { seeds } from '../../../tests/support/seeds.ts'
import {
  ActivityLog,
  LEAVE_HOLD_MS,
  MAX_ACTIVITY,
  RETURN_HOLD_MS,
  SEED_ANSWERED_MS,
  SEED_MS,
} from './activity-log.ts'

const ada = createUser('ada', 'Ada', '#1c75d6')
const bob = createUser('bob', 'Bob', '#ca4459')
const eve = createUser('eve', 'Eve', '#438300')
/** The server's clock is this much ahead of the device's. */
const SKEW_MS = 5_000

function createLog() {
  const clock = new ManualClientClock()
  const serverNow = (): number => clock.now() + SKEW_MS
  const log = new ActivityLog({ clock, serverNow })
  const lines = (): string[] => log.entries.map(({ kind, user }) => `${user.name} ${kind}`)
  return { clock, log, lines, serverNow }
}

/** A log whose tab has been here for a while, with these others. */
function createWatching(...people: PresenceUser[]) {
  const setup = createLog()
  setup.log.tell(people)
  setup.log.arrive()
  setup.clock.advance(SEED_MS)
  return setup
}

describe('who joins and who leaves', () => {
  test('[U57] somebody who comes has joined, at the server’s time', () => {
    const { log, serverNow } = createWatching(ada)
    log.tell([ada, bob])
    expect(log.entries).toEqual([{ id: 'activity-1', kind: 'joined', user: bob, at: serverNow() }])
  })

  test('[U57] somebody who goes has left 3 s later, dated to when they went', () => {
    const { clock, log, lines, serverNow } = createWatching(ada)
    const wentAt = serverNow()
    log.tell([])
    clock.advance(LEAVE_HOLD_MS - 1)
    expect(lines()).toEqual([])
    clock.advance(1)
    expect(lines()).toEqual(['Ada left'])
    expect(log.entries[0]?.at).toBe(wentAt)
  })

  test('[U16] a reload or a drop shorter than 3 s adds nothing', () => {
    const { clock, log, lines } = createWatching(ada, bob)
    log.tell([bob])
    clock.advance(LEAVE_HOLD_MS - 1)
    log.tell([ada, bob])
    clock.advance(60_000)
    expect(lines()).toEqual([])
  })

  test('a person who left and comes back has joined again', () => {
    const { clock, log, lines } = createWatching(ada)
    log.tell([])
    clock.advance(LEAVE_HOLD_MS)
    log.tell([ada])
    expect(lines()).toEqual(['Ada left', 'Ada joined'])
  })

  test('a leave held while somebody joins stands before the join', () => {
    const { clock, log, lines } = createWatching(ada)
    log.tell([])
    clock.advance(1_000)
    log.tell([bob])
    clock.advance(LEAVE_HOLD_MS)
    expect(lines()).toEqual(['Ada left', 'Bob joined'])
  })

  test('a rename is no leave, and the leave has the newest name', () => {
    const { clock, log, lines } = createWatching(ada)
    log.tell([{ ...ada, name: 'Countess' }])
    expect(lines()).toEqual([])
    log.tell([])
    clock.advance(LEAVE_HOLD_MS)
    expect(lines()).toEqual(['Countess left'])
  })

  test('in a tab whose timers slept, who was away for long has left and joined', () => {
    const { clock, log, lines } = createWatching(ada)
    log.tell([])
    // the clock runs, the timers do not
    const late = vi.spyOn(clock, 'now').mockReturnValue(clock.now() + 60_000)
    log.tell([ada])
    late.mockRestore()
    expect(lines()).toEqual(['Ada left', 'Ada joined'])
    clock.advance(60_000)
    expect(lines()).toHaveLength(2)
  })
})

describe('seeding', () => {
  test('[U25] nothing is said of people found at the first sync, or told of just behind it', () => {
    const { clock, log, lines } = createLog()
    log.tell([ada])
    log.arrive()
    clock.advance(SEED_MS - 1)
    log.tell([ada, bob])
    clock.advance(60_000)
    expect(lines()).toEqual([])
  })

  test('once the server has answered, the wait is short', () => {
    const { clock, log, lines } = createLog()
    log.arrive()
    log.answered()
    clock.advance(SEED_ANSWERED_MS - 1)
    // said again with each answer: only the first one counts
    log.answered()
    clock.advance(1)
    log.tell([ada])
    expect(lines()).toEqual(['Ada joined'])
  })

  test('before the first sync nothing is said of anybody', () => {
    const { clock, log, lines } = createLog()
    log.tell([ada])
    log.tell([])
    clock.advance(60_000)
    expect(lines()).toEqual([])
  })

  test('who goes while the list is being learned leaves like anybody', () => {
    const { clock, log, lines } = createLog()
    log.tell([ada])
    log.arrive()
    log.tell([])
    clock.advance(SEED_MS + LEAVE_HOLD_MS)
    expect(lines()).toEqual(['Ada left'])
  })
})

describe('an absence of one’s own', () => {
  test('[U27] adds nothing by itself, however long', () => {
    const { clock, log, lines } = createWatching(ada, bob)
    log.leave()
    log.tell([])
    clock.advance(3_600_000)
    log.arrive()
    log.tell([ada, bob])
    clock.advance(3_600_000)
    expect(lines()).toEqual([])
  })

  test('[U25] who came meanwhile was there already', () => {
    const { clock, log, lines } = createWatching(ada)
    log.leave()
    log.tell([])
    log.arrive()
    log.tell([ada, eve])
    clock.advance(3_600_000)
    expect(lines()).toEqual([])
  })

  test('who went meanwhile has left 30 s later, dated to the return', () => {
    const { clock, log, lines, serverNow } = createWatching(ada, bob)
    log.leave()
    log.tell([])
    clock.advance(600_000)
    log.arrive()
    log.tell([bob])
    clock.advance(SEED_MS)
    const returnedAt = serverNow()
    clock.advance(RETURN_HOLD_MS - 1)
    expect(lines()).toEqual([])
    clock.advance(1)
    expect(log.entries).toEqual([{ id: 'activity-1', kind: 'left', user: ada, at: returnedAt }])
  })

  test('[I10] a restart that drops everybody adds nothing, however late the others are back', () => {
    const { clock, log, lines } = createWatching(ada, bob)
    log.leave()
    log.tell([])
    clock.advance(1_000)
    log.arrive()
    clock.advance(10_000)
    log.tell([bob])
    clock.advance(15_000)
    log.tell([ada, bob])
    clock.advance(60_000)
    expect(lines()).toEqual([])
  })

  test('a leave being held when one’s own connection drops is looked at again on return', () => {
    const { clock, log, lines } = createWatching(ada)
    log.tell([])
    log.leave()
    clock.advance(60_000)
    expect(lines()).toEqual([])
    log.arrive()
    log.tell([ada])
    clock.advance(60_000)
    expect(lines()).toEqual([])
  })

  test('leaves after the return are ordinary ones', () => {
    const { clock, log, lines } = createWatching(ada)
    log.leave()
    log.arrive()
    clock.advance(SEED_MS)
    log.tell([])
    clock.advance(LEAVE_HOLD_MS)
    expect(lines()).toEqual(['Ada left'])
  })
})

describe('the list', () => {
  test('keeps the newest lines only', () => {
    const { clock, log } = createWatching()
    for (let index = 0; index < MAX_ACTIVITY + 10; index++) {
      clock.advance(1)
      log.tell(Array.from({ length: index + 1 }, (_, n) => createUser(`u${n}`, `U${n}`, '#1c75d6')))
    }
    expect(log.entries).toHaveLength(MAX_ACTIVITY)
    expect(log.entries.at(-1)?.user.name).toBe(`U${MAX_ACTIVITY + 9}`)
  })

  test('is the same array until something is added, and says so once for each line', () => {
    const { log } = createWatching(ada)
    const changed = vi.fn()
    const stop = log.subscribe(changed)
    const before = log.entries
    log.tell([ada])
    expect([log.entries, changed.mock.calls.length]).toEqual([before, 0])
    expect(log.entries).toBe(before)
    log.tell([ada, bob, eve])
    expect(changed).toHaveBeenCalledTimes(2)
    stop()
    log.tell([ada, bob, eve, createUser('kit', 'Kit', '#1c75d6')])
    expect(changed).toHaveBeenCalledTimes(2)
  })

  test('destroyed, it leaves no timer and says nothing', () => {
    const { clock, log, lines } = createWatching(ada)
    log.tell([])
    log.destroy()
    expect(clock.waiting).toBe(0)
    log.tell([bob])
    expect(lines()).toEqual([])
  })

  test('whatever happens, lines are in order and nobody joins who has not left', () => {
    for (const seed of seeds(50)) {
      const random = new Random(seed)
      const { clock, log } = createLog()
      for (let step = 0; step < 200; step++) {
        switch (random.weighted({ tell: 10, leave: 2, arrive: 3, answered: 1, wait: 4 })) {
          case 'tell':
            log.tell([ada, bob, eve].filter(() => random.chance(0.5)))
            break
          case 'leave':
            log.leave()
            break
          case 'arrive':
            log.arrive()
            break
          case 'answered':
            log.answered()
            break
          case 'wait':
            clock.advance(random.int(40_000))
            break
        }
      }
      const times = log.entries.map((entry) => entry.at)
      expect(times, `seed ${seed}`).toEqual(times.toSorted((a, b) => a - b))
      for (const { id } of [ada, bob, eve]) {
        const kinds = log.entries.filter((entry) => entry.user.id === id).map((entry) => entry.kind)
        // two leaves in a row are right: between them they came while this tab was away
        expect(kinds.join(), `seed ${seed}, ${id}`).not.toContain('joined,joined')
      }
    }
  })
})
