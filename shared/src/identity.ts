import { clampColor, IDENTITY_COLORS } from './identity-color.ts'
import { cleanName, type PresenceUser } from './presence.ts'

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
