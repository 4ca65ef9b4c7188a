import { ROWS } from './rows.mjs'

/** @typedef {{ row: number, file: string, test: string }} Evidence a test that passed and the row it shows */

/**
 * The rows a test's name quotes.
 *
 * @param {string} name for example `[U14] [U16] following survives a reload`
 * @returns {number[]}
 */
export const rowsIn = (name) => [...name.matchAll(/\[U(\d+)\]/g)].map((match) => Number(match[1]))

/** @param {string} name */
const withoutRows = (name) => name.replace(/\[U\d+\] ?/g, '').trim()

const HEAD = `# What a person notices, and the test that shows it

Generated from test runs by \`npm run ux-coverage\`; \`npm test\` fails when it no longer says what its tests
show. Tests quote the row they show as \`[U14]\`. What a row still lacks is said below it.
`

/**
 * The document.
 *
 * @param {readonly Evidence[]} shown
 * @returns {string} Markdown
 */
export function render(shown) {
  const parts = ROWS.map(({ row, behaviour, open }) => {
    const lines = shown
      .filter((each) => each.row === row)
      .map(({ file, test }) => `- \`${file}\`: ${withoutRows(test)}`)
    const tests = lines.length === 0 ? ['- no test'] : [...new Set(lines)].sort()
    const rest = open === undefined ? [] : ['', `Open: ${open}`]
    return [`## U${row} ${behaviour}`, '', ...tests, ...rest].join('\n')
  })
  return `${[HEAD.trimEnd(), ...parts].join('\n\n')}\n`
}

/**
 * What a document says was shown.
 *
 * @param {string} document
 * @returns {Evidence[]} with names as the document has them, without rows
 */
export function parse(document) {
  /** @type {Evidence[]} */
  const shown = []
  let row = 0
  for (const line of document.split('\n')) {
    const heading = /^## U(\d+) /.exec(line)
    if (heading !== null) row = Number(heading[1])
    const test = /^- `([^`]+)`: (.*)$/.exec(line)
    if (test !== null) shown.push({ row, file: test[1] ?? '', test: test[2] ?? '' })
  }
  return shown
}

/**
 * A document after a run: what the run's files showed replaces what stood there of them; the rest stays.
 *
 * @param {string} document before
 * @param {readonly Evidence[]} shown by the run
 * @param {(file: string) => boolean} wasRun whether the run had this file
 */
export const updated = (document, shown, wasRun) =>
  render([...parse(document).filter(({ file }) => !wasRun(file)), ...shown])
