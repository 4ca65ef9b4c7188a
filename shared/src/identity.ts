import { clampColor } from './identity-color.ts'
import { cleanName, type PresenceUser } from './presence.ts'

/**
 * The 12 identity colours: white text on each has contrast >= 4.6:1, each has >= 3:1 on a white and on a #121212 board
 * (WCAG 2.2, 1.4.3 and 1.4.11); the closest pair is 11.7 apart (CIEDE2000).
 */
export const IDENTITY_COLORS = [
  '#ca4459',
  '#c45000',
  '#9e6a00',
  '#7f7700',
  '#438300',
  '#00855f',
  '#008282',
  '#007fa1',
  '#1c75d6',
  '#7264d7',
  '#9f55be',
  '#be4992',
] as const

const ADJECTIVES = [
  'Swift',
  'Quiet',
  'Bold',
  'Merry',
  'Calm',
  'Bright',
  'Clever',
  'Gentle',
  'Lucky',
  'Brave',
  'Keen',
  'Witty',
  'Sunny',
  'Mellow',
  'Nimble',
  'Proud',
  'Kind',
  'Curious',
  'Daring',
  'Eager',
  'Honest',
  'Jolly',
  'Lively',
  'Noble',
] as const

const ANIMALS = [
  'Otter',
  'Fox',
  'Lynx',
  'Crane',
  'Heron',
  'Badger',
  'Falcon',
  'Hare',
  'Ibis',
  'Jay',
  'Koala',
  'Lark',
  'Marten',
  'Newt',
  'Owl',
  'Puffin',
  'Quail',
  'Raven',
  'Seal',
  'Tapir',
  'Urchin',
  'Vole',
  'Wren',
  'Yak',
] as const

/** The same colour at 20 % alpha, for selections and highlights. */
export function lightColor(color: string): string {
  return `${color.slice(0, 7)}33`
}

/** A name such as "Swift Otter". `random` gives numbers in 0..1 (inject a seeded one in tests). */
export function generateName(random: () => number): string {
  return `${pick(ADJECTIVES, random)} ${pick(ANIMALS, random)}`
}

/** A colour that nobody in `taken` has, or any of the twelve when all are taken. */
export function pickColor(random: () => number, taken: ReadonlySet<string> = new Set()): string {
  const free = IDENTITY_COLORS.filter((color) => !taken.has(color))
  return pick(free.length > 0 ? free : IDENTITY_COLORS, random)
}

/** Builds a presence user from parts: the name cleaned, the colour made legible, the light colour derived. */
export function createUser(id: string, name: string, color: string): PresenceUser {
  const legible = clampColor(color)
  return { id, name: cleanName(name) || 'Guest', color: legible, colorLight: lightColor(legible) }
}

function pick<T>(list: readonly T[], random: () => number): T {
  return list[Math.min(list.length - 1, Math.floor(random() * list.length))] as T
}
