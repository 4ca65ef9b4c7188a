/**
 * Five tints of a person's colour, for an avatar that is theirs at a glance: the colour itself, a darker and a deeper
 * one, two light ones.
 *
 * @param color `#rrggbb`
 */
export function avatarTints(color: string): string[] {
  const rgb = parse(color)
  return [
    toHex(rgb),
    toHex(mix(rgb, [0, 0, 0], 0.2)),
    toHex(mix(rgb, [255, 255, 255], 0.42)),
    toHex(mix(rgb, [255, 255, 255], 0.72)),
    toHex(mix(rgb, [20, 12, 60], 0.34)),
  ]
}

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
