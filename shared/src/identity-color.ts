/** Relative luminance (WCAG) above which white text on it falls below 4.6:1 … */
const MAX_LUMINANCE = 1.05 / 4.6 - 0.05
/** … and below which it falls under 3:1 on a #121212 board. */
const MIN_LUMINANCE = 3 * (0.006 + 0.05) - 0.05

type Rgb = readonly [red: number, green: number, blue: number]

/**
 * A person's colour made fit for its uses: light enough for a dark board, dark enough for white text on it and for a
 * light board. The hue stays; colours that fit, all twelve of the palette among them, come back as they are.
 *
 * @param color `#rrggbb`; an alpha behind it is dropped
 * @example clampColor('#ffee00') // '#7d7400'
 */
export function clampColor(color: string): string {
  const opaque = color.slice(0, 7).toLowerCase()
  const rgb = toLinear(opaque)
  const luminance = luminanceOf(rgb)
  if (luminance > MAX_LUMINANCE) return toHex(scale(rgb, MAX_LUMINANCE / luminance), Math.floor)
  if (luminance < MIN_LUMINANCE)
    return toHex(mixWhite(rgb, (MIN_LUMINANCE - luminance) / (1 - luminance)), Math.ceil)
  return opaque
}

function scale([r, g, b]: Rgb, factor: number): Rgb {
  return [r * factor, g * factor, b * factor]
}

function mixWhite([r, g, b]: Rgb, share: number): Rgb {
  return [r + (1 - r) * share, g + (1 - g) * share, b + (1 - b) * share]
}

function luminanceOf([r, g, b]: Rgb): number {
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function toLinear(color: string): Rgb {
  const value = Number.parseInt(color.slice(1), 16)
  return [linear((value >> 16) & 255), linear((value >> 8) & 255), linear(value & 255)]
}

function linear(part: number): number {
  const value = part / 255
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
}

/** Rounded to the side that keeps the promise. */
function toHex(rgb: Rgb, round: (value: number) => number): string {
  const parts = rgb.map((value) => {
    const part = value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055
    return Math.min(255, round(part * 255))
      .toString(16)
      .padStart(2, '0')
  })
  return `#${parts.join('')}`
}
