/** Where each case stands in words. */
const PAGE = 'docs/troubleshooting.md'
const NAME_WIDTH = 13
/** Select Graphic Rendition: green, yellow, red, dim. */
const COLORS = { ok: 32, note: 33, trouble: 31, skipped: 2 }

/**
 * The report as it is printed.
 *
 * @param {readonly import('./checks.mjs').Line[]} lines
 * @param {{ color: boolean }} options
 * @example
 * format(lines, { color: false })
 * //   trouble  redis        Redis at 127.0.0.1:6379 has maxmemory-policy allkeys-lru … → redis-cli CONFIG SET …
 */
export function format(lines, { color }) {
  const rows = lines.map(({ check, finding }) => {
    const word = finding.kind.padEnd(9)
    const shown = color ? `\u001b[${COLORS[finding.kind]}m${word}\u001b[0m` : word
    const text =
      finding.kind === 'trouble' ? `${finding.text} → ${finding.fix} [${finding.case}]` : finding.text
    return `  ${shown}${check.padEnd(NAME_WIDTH)}${text}`
  })
  return [...rows, '', summary(lines)].join('\n')
}

/** @param {readonly import('./checks.mjs').Line[]} lines */
function summary(lines) {
  const cases = lines.flatMap(({ finding }) => (finding.kind === 'trouble' ? [finding.case] : []))
  const left = lines.filter(({ finding }) => finding.kind === 'skipped').length
  const unseen = left === 0 ? '' : `, ${left} not looked at`
  if (cases.length === 0) return `All is well${unseen}.`
  const count = cases.length === 1 ? '1 trouble' : `${cases.length} troubles`
  return `${count}${unseen}. At more length: ${PAGE}, under ${[...new Set(cases)].join(', ')}.`
}
