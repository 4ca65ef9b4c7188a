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

/** Relative luminance (WCAG) above which white text on it falls below 4.6:1, that is 1.05 / 4.6 - 0.05, … */
const MAX_LUMINANCE = 0.17826
/** … and below which it falls under 3:1 on a #121212 board: 3 * (0.006 + 0.05) - 0.05. */
const MIN_LUMINANCE = 0.118

/**
 * A person's colour made fit for its uses: light enough for a dark board, dark enough for white text on it and for a
 * light board. The hue stays; colours that fit, all twelve of the palette among them, come back as they are.
 *
 * @param color `#rrggbb`; an alpha behind it is dropped
 * @example clampColor('#ffee00') // '#7d7400'
 */
export function clampColor(color: string): string {
  const opaque = color.slice(0, 7).toLowerCase()
  const rgb = [1, 3, 5].map((at) => toLinear(Number.parseInt(opaque.slice(at, at + 2), 16)))
  const luminance = [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => sum + weight * (rgb[i] ?? 0), 0)
  // rounded to the side that keeps the promise
  if (luminance > MAX_LUMINANCE) return toHex(rgb, 0, 1 - MAX_LUMINANCE / luminance, Math.floor)
  if (luminance < MIN_LUMINANCE) {
    return toHex(rgb, 1, (MIN_LUMINANCE - luminance) / (1 - luminance), Math.ceil)
  }
  return opaque
}

function toLinear(part: number): number {
  const value = part / 255
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
}

/** A share of the way from a linear colour to black (0) or white (1). */
function toHex(rgb: readonly number[], end: 0 | 1, share: number, round: (value: number) => number): string {
  const parts = rgb.map((from) => {
    const value = from + (end - from) * share
    const part = value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055
    return Math.min(255, round(part * 255))
      .toString(16)
      .padStart(2, '0')
  })
  return `#${parts.join('')}`
}
