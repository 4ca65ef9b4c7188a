import { describe, expect, test } from 'vitest'
import { AnswerLedger, COUNTED_ANSWER_BYTES, totalLength } from './answer-ledger.ts'

const limits = { answerBytes: 1_000_000, sendStallMs: 30_000 }
const answer = (bytes: number): readonly Uint8Array[] => [new Uint8Array(bytes)]
const nobody = (): void => {
  throw new Error('nobody was to be given up')
}

describe('[limit:answerBytes] answers on their way', () => {
  test('count until they are released, once each', () => {
    const ledger = new AnswerLedger(limits)
    const release = ledger.hold(answer(700_000), 0, nobody)
    expect([ledger.bytes, ledger.hasRoom(0)]).toEqual([700_000, true])
    const second = ledger.hold(answer(700_000), 0, nobody)
    expect([ledger.bytes, ledger.hasRoom(0)]).toEqual([1_400_000, false])
    release?.()
    release?.()
    expect([ledger.bytes, ledger.hasRoom(0)]).toEqual([700_000, true])
    second?.()
    expect(ledger.bytes).toBe(0)
  })

  test('one that many share counts once, until the last of them has taken it', () => {
    const ledger = new AnswerLedger(limits)
    const shared = answer(900_000)
    const releases = Array.from({ length: 150 }, () => ledger.hold(shared, 0, nobody))
    expect(ledger.bytes).toBe(900_000)
    for (const release of releases.slice(1)) release?.()
    expect(ledger.bytes).toBe(900_000)
    releases[0]?.()
    expect(ledger.bytes).toBe(0)
  })

  test('small ones do not count', () => {
    const ledger = new AnswerLedger(limits)
    expect(ledger.hold(answer(COUNTED_ANSWER_BYTES - 1), 0, nobody)).toBeUndefined()
    expect(ledger.bytes).toBe(0)
  })

  test('where there is no room the oldest is given up, once it has had its time', () => {
    const ledger = new AnswerLedger(limits)
    const given: string[] = []
    const hold = (name: string, at: number): void => {
      const release = ledger.hold(answer(600_000), at, () => {
        given.push(name)
        release?.()
      })
    }
    hold('first', 0)
    hold('second', 10)
    expect(ledger.hasRoom(29_999)).toBe(false)
    expect(given).toEqual([])
    expect(ledger.hasRoom(30_000)).toBe(true)
    expect(given).toEqual(['first'])
    expect(ledger.bytes).toBe(600_000)
  })
})

test('the length of frames is that of all of them', () => {
  expect(totalLength([])).toBe(0)
  expect(totalLength([new Uint8Array(2), new Uint8Array(3)])).toBe(5)
})
