import { describe, expect, test } from 'vitest'
import {
  CLOSE,
  closeCode,
  DELETED_CODE,
  isTerminalClose,
  LEAVING_CODE,
  terminalClose,
} from './close-codes.ts'

const codes = Object.values(CLOSE)

describe('close codes', () => {
  test('[W29] the numbers are frozen', () => {
    expect(Object.fromEntries(Object.entries(CLOSE).map(([name, { code }]) => [name, code]))).toEqual({
      textFrame: 1003,
      tooBig: 1009,
      internal: 1011,
      restart: 1012,
      overload: 1013,
      malformed: 4400,
      unauthorized: 4401,
      forbidden: 4403,
      deleted: 4404,
      tooLarge: 4413,
      rate: 4503,
    })
  })

  test('[W29] exactly 4400-4499 are terminal, as y-websocket 3.x has it', () => {
    for (const { code, terminal } of codes) expect(terminal, `${code}`).toBe(isTerminalClose(code))
    expect(codes.filter((c) => c.terminal).map((c) => c.code)).toEqual([4400, 4401, 4403, 4404, 4413])
    for (const close of codes) expect(terminalClose(close.code)).toEqual(close.terminal ? close : undefined)
    expect(DELETED_CODE).toBe(CLOSE.deleted.code)
    expect([4399, 4400, 4499, 4500].map(isTerminalClose)).toEqual([false, true, true, false])
  })

  test('[W19] a page that goes has a private code of its own, which nobody takes for final', () => {
    expect(LEAVING_CODE).toBe(4000)
    expect(isTerminalClose(LEAVING_CODE)).toBe(false)
    expect(closeCode(LEAVING_CODE)).toBeUndefined()
  })

  test('[W29] a time-out or a rate limit is never final: 4408 and 4429 do not exist', () => {
    expect(closeCode(4408)).toBeUndefined()
    expect(closeCode(4429)).toBeUndefined()
  })

  test('[W29] every code may be sent by an endpoint (RFC 6455 section 7.4) and stands once', () => {
    for (const { code } of codes) {
      const isSendable = [1003, 1009, 1011, 1012, 1013].includes(code) || (code >= 4000 && code <= 4999)
      expect(isSendable, `${code}`).toBe(true)
      expect(closeCode(code)?.code).toBe(code)
    }
    expect(new Set(codes.map((c) => c.code)).size).toBe(codes.length)
  })

  test('[W29] every code says what happened and what to do', () => {
    for (const { code, meaning, advice } of codes)
      expect(meaning.length > 5 && advice.length > 5, `${code}`).toBe(true)
  })
})
