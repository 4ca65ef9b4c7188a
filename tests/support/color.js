/** Red, green, blue in 0..255 of `#rrggbb` or `rgb(r, g, b)`. */
export function parseColor(text) {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text)
  if (hex !== null)
    return [parseInt(hex[1] ?? '', 16), parseInt(hex[2] ?? '', 16), parseInt(hex[3] ?? '', 16)]
  const rgb = /^rgba?\((\d+),\s*(\d+),\s*(\d+)/.exec(text)
  if (rgb === null) throw new Error(`not a colour: ${text}`)
  return [Number(rgb[1]), Number(rgb[2]), Number(rgb[3])]
}
/** Contrast ratio of two opaque colours, 1..21 (WCAG 2.2, "contrast ratio"). */
export function contrast(a, b) {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (light + 0.05) / (dark + 0.05)
}
function luminance(color) {
  const [r, g, b] = parseColor(color).map((value) => {
    const part = value / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
//# sourceMappingURL=color.js.map
