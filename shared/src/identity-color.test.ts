import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contrast } from '../../tests/support/color.ts'
import { clampColor, IDENTITY_COLORS } from './identity-color.ts'

test('[U19] the twelve colours fit as they are', () => {
  expect(IDENTITY_COLORS.map((color) => clampColor(color))).toEqual([...IDENTITY_COLORS])
})

test('[U19] any colour becomes one that white text can be read on, and that shows on both boards', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffff }), (value) => {
      const color = clampColor(`#${value.toString(16).padStart(6, '0')}`)
      expect(color).toMatch(/^#[0-9a-f]{6}$/)
      expect(contrast('#ffffff', color)).toBeGreaterThanOrEqual(4.55)
      expect(contrast('#121212', color)).toBeGreaterThanOrEqual(2.98)
      expect(clampColor(color)).toBe(color)
    }),
  )
})

test('an alpha is dropped, capitals are not told apart', () => {
  expect(clampColor('#CA445933')).toBe('#ca4459')
})
