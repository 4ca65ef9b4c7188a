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
