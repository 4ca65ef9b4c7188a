/** Red, green, blue in 0..255 of `#rrggbb` or `rgb(r, g, b)`. */
export declare function parseColor(text: string): [number, number, number]
/** Contrast ratio of two opaque colours, 1..21 (WCAG 2.2, "contrast ratio"). */
export declare function contrast(a: string, b: string): number
//# sourceMappingURL=color.d.ts.map
