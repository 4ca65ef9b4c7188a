import { expect, test } from 'vitest'
import { HeldLog } from '../../tests/support/room-harness/held-log.ts'
import { Unsaved } from './process-bounds.ts'
import { Appends } from './room-appends.ts'

const meta = { instanceId: 'here', at: 0 }
const bytes = Uint8Array.of(0, 0)

interface Told {
  settled: number
  readonly failures: unknown[]
}

async function open(): Promise<{ log: HeldLog; appends: Appends; told: Told }> {
  const log = new HeldLog()
  log.isAuto = false
  await log.open('r' as never, {
    onEntry() {},
    onAwareness() {},
    onInstanceGone() {},
    onGap() {},
    onRewound() {},
    onDeleted() {},
  })
  const told: Told = { settled: 0, failures: [] }
  const appends = new Appends(
    log,
    {
      settled: () => (told.settled += 1),
      failed: (error: unknown) => told.failures.push(error),
    },
    new Unsaved({ unsavedBytes: 1_000 }),
  )
  return { log, appends, told }
}

const nextTask = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('appends become durable in order, and the number says how far', async () => {
  const { log, appends, told } = await open()
  appends.append(bytes, meta)
  appends.append(bytes, meta)
  expect([appends.submitted, appends.durable]).toEqual([2, 0])
  log.settle(1)
  await nextTask()
  expect([appends.submitted, appends.durable]).toEqual([2, 1])
  expect(told.settled).toBe(1)
})

test('waiting gives the position of the last append made before the call, never a later one', async () => {
  const { log, appends } = await open()
  expect(await appends.settled()).toBe('')
  appends.append(bytes, meta)
  const first = appends.settled()
  appends.append(bytes, meta)
  log.settle()
  expect(await first).toBe('00000001')
  expect(await appends.settled()).toBe('00000002')
})

test('[I9] after a failed append nothing becomes durable any more, and who waits is told so', async () => {
  const { log, appends, told } = await open()
  appends.append(bytes, meta)
  const waiting = appends.settled()
  log.refuse(new Error('closed'))
  expect(await waiting).toBeUndefined()
  appends.append(bytes, meta)
  log.settle()
  await nextTask()
  expect(appends.durable).toBe(0)
  expect(told.failures).toHaveLength(1)
  expect(await appends.settled()).toBeUndefined()
})
