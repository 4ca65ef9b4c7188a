import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { PendingCounter } from './pending-counter.ts'
import type { OwnClock } from './proved-clock.ts'

let sent: Uint8Array[]
let turns: (() => void)[]
let now: number
let own: OwnClock
let counter: PendingCounter

beforeEach(() => {
  sent = []
  turns = []
  now = 0
  own = { clientId: 7, clock: 0 }
  counter = new PendingCounter({
    send: (bytes) => sent.push(bytes),
    now: () => now,
    ownClock: () => own,
    endOfTurn: (run) => turns.push(run),
  })
})

function endTurn(): void {
  for (const run of turns.splice(0)) run()
}

function openConnection(): void {
  counter.reset()
  counter.greeted()
  counter.answered()
  endTurn()
}

function echo(index = 0): void {
  counter.receipt(sent.splice(0, index + 1)[index] ?? new Uint8Array())
}

describe('pending counter', () => {
  test('[U29] changes count until the receipt, not until they are sent', () => {
    openConnection()
    echo()
    counter.changed()
    counter.changed()
    endTurn()
    expect(counter.count).toBe(2)
    echo()
    expect(counter.count).toBe(0)
  })

  test('one receipt is asked for a turn with many changes', () => {
    openConnection()
    sent.length = 0
    for (let change = 0; change < 50; change++) counter.changed()
    endTurn()
    expect(sent.length).toBe(1)
  })

  test('a receipt speaks for what was made before it was asked for, and for nothing later', () => {
    openConnection()
    echo()
    counter.changed()
    endTurn()
    counter.changed()
    echo()
    expect(counter.count).toBe(1)
  })

  test('[U29] a lost connection leaves the count, and only the answer to a new SyncStep1 proves it', () => {
    openConnection()
    echo()
    counter.changed()
    endTurn()
    const lost = sent.splice(0)[0]
    counter.reset()
    counter.greeted()
    counter.changed()
    endTurn()
    expect(sent).toEqual([])
    counter.receipt(lost ?? new Uint8Array())
    expect(counter.count).toBe(2)
    counter.answered()
    endTurn()
    expect(sent.length).toBe(1)
    echo()
    expect(counter.count).toBe(0)
  })

  test('a server that has not said hello is never asked', () => {
    counter.answered()
    counter.changed()
    endTurn()
    expect(sent).toEqual([])
    expect(counter.ask()).toBe(false)
    expect(counter.count).toBe(1)
  })

  test('a refused update stays pending through every later receipt of its connection', () => {
    openConnection()
    echo()
    counter.changed()
    endTurn()
    counter.refused()
    echo()
    counter.changed()
    endTurn()
    echo()
    expect(counter.count).toBe(2)
    openConnection()
    echo()
    expect(counter.count).toBe(0)
  })

  test('[W34] once the server has been answered anew, its receipts speak for what it had refused', () => {
    openConnection()
    echo()
    counter.changed()
    endTurn()
    counter.refused()
    echo()
    expect(counter.count).toBe(1)
    counter.answered()
    endTurn()
    expect(counter.count).toBe(1)
    echo()
    expect(counter.count).toBe(0)
  })

  test('receipts that were never asked for prove nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 16 }), (bytes) => {
        counter.reset()
        counter.greeted()
        counter.changed()
        const before = counter.count
        counter.receipt(bytes)
        expect(counter.count).toBe(before)
      }),
    )
  })

  test('a stalled server is asked at most 64 times, and once more when it answers', () => {
    openConnection()
    for (let change = 0; change < 200; change++) {
      counter.changed()
      endTurn()
    }
    expect(sent.length).toBe(64)
    echo(63)
    expect(counter.count).toBe(200 - 63)
    expect(sent.length).toBe(1)
    echo()
    expect(counter.count).toBe(0)
  })

  test('another tab’s changes are not counted, but noted as unproved until an answer carried them', () => {
    openConnection()
    echo()
    expect(counter.ledger.isRelayPending).toBe(false)
    counter.relayed()
    counter.changed()
    endTurn()
    echo()
    expect(counter.count).toBe(0)
    expect(counter.ledger.isRelayPending).toBe(true)
    counter.answered()
    endTurn()
    echo()
    expect(counter.ledger.isRelayPending).toBe(false)
  })

  test('[U29] what an earlier load left counts until a receipt that was asked for behind it', () => {
    openConnection()
    counter.changed(3)
    // asked for before the copy was read: speaks for nothing of it
    echo()
    expect(counter.count).toBe(3)
    counter.changed()
    endTurn()
    expect(counter.ledger).toEqual({ made: 4, durable: 0, isRelayPending: false })
    echo()
    expect(counter.ledger).toEqual({ made: 4, durable: 4, isRelayPending: false })
  })

  test('[U55] the quickest receipt of a connection is its round trip', () => {
    openConnection()
    now = 40
    echo()
    counter.ask()
    now = 55
    echo()
    expect(counter.rttMs).toBe(15)
    counter.reset()
    expect(counter.rttMs).toBeUndefined()
  })
})
