import { describe, expect, test } from 'vitest'
import { DEFAULT_LIMITS, LIMIT_SPECS } from './limits.ts'

describe('limits', () => {
  test.each(Object.entries(LIMIT_SPECS))(
    '%s is a whole positive number with a reason and an effect',
    (name, spec) => {
      expect(Number.isSafeInteger(spec.default) && spec.default > 0).toBe(true)
      expect(spec.reason.length).toBeGreaterThan(8)
      expect(spec.effect.length).toBeGreaterThan(8)
      // LIMIT_ and the name in capitals: a variable can be found from the field and the other way round
      expect(spec.env).toBe(`LIMIT_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`)
    },
  )

  test('the defaults are those of the table, one per name', () => {
    expect(Object.keys(DEFAULT_LIMITS)).toEqual(Object.keys(LIMIT_SPECS))
    for (const [name, spec] of Object.entries(LIMIT_SPECS))
      expect(Object.entries(DEFAULT_LIMITS)).toContainEqual([name, spec.default])
  })

  test('no default contradicts another', () => {
    expect(DEFAULT_LIMITS.frameBytes).toBeLessThanOrEqual(DEFAULT_LIMITS.hardFrameBytes)
    expect(DEFAULT_LIMITS.sendBufferBytes).toBeLessThanOrEqual(DEFAULT_LIMITS.sendBufferMaxBytes)
    expect(DEFAULT_LIMITS.awarenessBytes).toBeLessThan(DEFAULT_LIMITS.frameBytes)
    expect(DEFAULT_LIMITS.connectionsPerAddress).toBeLessThanOrEqual(DEFAULT_LIMITS.connections)
  })
})
