import { beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../clock.ts'
import { Liveness } from './liveness.ts'

describe('[W7] liveness', () => {
  let traffic: { bytesRead: number; bytesWritten: number; writableLength: number }
  let sent: Uint8Array[]
  let now: number
  let liveness: Liveness

  beforeEach(() => {
    traffic = { bytesRead: 0, bytesWritten: 0, writableLength: 0 }
    sent = []
    now = 0
    const clock = { ...systemClock, now: () => now }
    liveness = new Liveness(clock, traffic, { sendPing: (payload) => void sent.push(payload) }, 30_000)
  })

  /** One ping and its verdict. */
  const round = (between: () => void = () => undefined, isPaused = false): boolean => {
    expect(liveness.beat(isPaused)).toBe(true)
    between()
    return liveness.beat(isPaused)
  }
  const pong = (): void => void liveness.pong(sent.at(-1) ?? new Uint8Array())

  test('two missed pongs end it, one does not', () => {
    expect([round(), round()]).toEqual([true, false])
  })

  test('a pong in time begins the count anew', () => {
    expect([round(), round(pong), round(), round()]).toEqual([true, true, true, false])
  })

  test('bytes that arrive are life: a pong may stand behind an upload', () => {
    const upload = (): void => void (traffic.bytesRead += 1)
    expect([round(upload), round(upload), round(upload)]).toEqual([true, true, true])
  })

  test('a buffer that drains is life: the ping may stand behind a download', () => {
    traffic.bytesWritten = 10_000_000
    traffic.writableLength = 9_000_000
    const drain = (): void => void (traffic.writableLength -= 1_000_000)
    expect([round(drain), round(drain), round(drain)]).toEqual([true, true, true])
  })

  test('[W25] one that takes nothing is left to the stall rule, and ended should that fail', () => {
    traffic.writableLength = 2_000_000
    expect([round(), round(), round(), round(), round()]).toEqual([true, true, true, true, false])
  })

  test('bytes that only the kernel takes are no life', () => {
    const write = (): void => void (traffic.bytesWritten += 100)
    expect([round(write), round(write)]).toEqual([true, false])
  })

  test('a paused socket is not read, so nothing is missed', () => {
    expect([round(undefined, true), round(undefined, true), round(undefined, true)]).toEqual([
      true,
      true,
      true,
    ])
  })

  test('a pong answers all pings before it and tells the round trip', () => {
    const answers: string[] = []
    liveness.ping(() => answers.push('first'))
    liveness.ping(() => answers.push('second'))
    now = 40
    expect(liveness.pong(sent[1] ?? new Uint8Array())).toBe(40)
    expect(answers).toEqual(['first', 'second'])
    expect(liveness.pong(sent[0] ?? new Uint8Array())).toBeUndefined()
  })

  test('pongs nobody asked for prove nothing', () => {
    for (const text of ['', '0', '99', 'NaN', '1.5', 'x'.repeat(125)])
      expect(liveness.pong(Buffer.from(text))).toBeUndefined()
    expect([round(() => liveness.pong(Buffer.from('7'))), round()]).toEqual([true, false])
  })
})
