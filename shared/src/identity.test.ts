import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { IDENTITY_COLORS } from './identity-color.ts'
import { createUser, generateName, lightColor, pickColor } from './identity.ts'
import { MAX_NAME_LENGTH, parsePresence } from './presence.ts'

/** WCAG 2.2 relative luminance of #rrggbb. */
function luminance(color: string): number {
  const channel = (at: number): number => {
    const c = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].toSorted((x, y) => y - x) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

const random = fc.double({ min: 0, max: 1, noNaN: true })

describe('identity', () => {
  test.each(IDENTITY_COLORS)(
    '%s: white text is readable on it, and it shows on a white and on a dark board',
    (color) => {
      expect(contrast(color, '#ffffff')).toBeGreaterThanOrEqual(4.5)
      expect(contrast(color, '#121212')).toBeGreaterThanOrEqual(3)
    },
  )

  test('twelve colours, all different', () => {
    expect(new Set(IDENTITY_COLORS).size).toBe(12)
  })

  test('every random number gives a name that needs no cleaning', () => {
    fc.assert(
      fc.property(random, random, (a, b) => {
        const numbers = [a, b]
        const name = generateName(() => numbers.shift() ?? 0)
        expect(name).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/)
        expect(name.length).toBeLessThanOrEqual(MAX_NAME_LENGTH)
        expect(createUser('id', name, '#007fa1').name).toBe(name)
      }),
    )
  })

  test('a colour nobody has, while there is one', () => {
    fc.assert(
      fc.property(random, fc.subarray([...IDENTITY_COLORS]), (number, taken) => {
        const color = pickColor(() => number, new Set(taken))
        expect(IDENTITY_COLORS).toContain(color)
        if (taken.length < IDENTITY_COLORS.length) expect(taken).not.toContain(color)
      }),
    )
  })

  test('a made user is a presence others accept', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (name) => {
        const user = createUser('u1', name, '#007fa1')
        expect(parsePresence({ user })?.user).toEqual(user)
      }),
    )
  })

  test('the light colour is the same one at a fifth of its strength', () => {
    expect(lightColor('#007fa1')).toBe('#007fa133')
    expect(lightColor('#007fa1ff')).toBe('#007fa133')
  })
})
