/**
 * Five tints of a person's colour, for an avatar that is theirs at a glance: the colour itself, two dark ones, two light
 * ones.
 *
 * In the order of boring-avatars: its "beam" stands tint `i` before tint `i + 3`. So every pair here is a light one on
 * a dark one or two steps apart, and no face is drawn in one flat colour.
 *
 * @param color `#rrggbb`
 */
export function avatarTints(color: string): string[] {
  const rgb = parse(color)
  return [
    toHex(rgb),
    toHex(mix(rgb, BLACK, 0.22)),
    toHex(mix(rgb, INK, 0.5)),
    toHex(mix(rgb, WHITE, 0.74)),
    toHex(mix(rgb, WHITE, 0.44)),
  ]
}

const BLACK: Rgb = [0, 0, 0]
const WHITE: Rgb = [255, 255, 255]
/** Darker than the colour and a little bluer: night, not mud. */
const INK: Rgb = [20, 12, 60]

type Rgb = readonly [red: number, green: number, blue: number]

function parse(color: string): Rgb {
  const value = Number.parseInt(color.slice(1, 7), 16)
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255]
}

function mix(a: Rgb, b: Rgb, share: number): Rgb {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share]
}

function toHex(rgb: Rgb): string {
  return `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`
}
