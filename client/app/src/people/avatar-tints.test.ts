import { IDENTITY_COLORS } from '@roomful/shared'
import { expect, test } from 'vitest'
import { avatarTints } from './avatar-tints.ts'

test('[U15] every identity colour gives five different tints, the colour itself among them', () => {
  for (const color of IDENTITY_COLORS) {
    const tints = avatarTints(color)
    expect(new Set(tints).size).toBe(5)
    expect(tints).toContain(color)
    for (const tint of tints) expect(tint).toMatch(/^#[0-9a-f]{6}$/)
  }
})

test('[U15] the two tints of one face are always told apart', () => {
  for (const color of IDENTITY_COLORS) {
    const tints = avatarTints(color)
    for (let front = 0; front < 5; front++) {
      const [a = '', b = ''] = [tints[front], tints[(front + 3) % 5]]
      expect(contrast(a, b), `${a} on ${b}`).toBeGreaterThan(1.5)
    }
  }
})

function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)]
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05)
}

/** WCAG's relative luminance of `#rrggbb`. */
function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
