import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './build.mjs'
import { ensureChromium } from './chromium.mjs'
import { install } from './install.mjs'
import { main, ROOT, Stop } from './run.mjs'
import { runVitest } from './tally.mjs'
import { updated } from './ux/coverage.mjs'

const DOCUMENT = join(ROOT, 'docs', 'ux-coverage.md')

const current = () => (existsSync(DOCUMENT) ? readFileSync(DOCUMENT, 'utf8') : '')

/**
 * Whether the document says what a run showed.
 *
 * @param {readonly import('./ux/coverage.mjs').Evidence[]} shown
 * @param {(file: string) => boolean} wasRun
 * @returns {string | undefined} what to do where it does not
 */
export function staleness(shown, wasRun) {
  const document = current()
  // generated for the first time by `npm run ux-coverage`; until then there is nothing to be stale
  if (document === '') return undefined
  if (updated(document, shown, wasRun) === document) return undefined
  return 'docs/ux-coverage.md no longer says what the tests show: npm run ux-coverage'
}

/** @type {Readonly<Record<string, (file: string) => boolean>>} */
const FILES = {
  browser: (file) => /^tests\/browser\/[^/]+$/.test(file),
  'browser-long': (file) => file.startsWith('tests/browser/long/'),
  long: (file) => file.startsWith('tests/long/'),
}

/** Whether a file belongs to the browser tests of `npm test`. */
export const isShort = (/** @type {string} */ file) => FILES.browser?.(file) === true

main(import.meta.url, async () => {
  await install()
  await build()
  const chromium = await ensureChromium()
  if ('reason' in chromium) throw new Stop(chromium.reason)
  for (const project of process.argv.length > 2 ? process.argv.slice(2) : Object.keys(FILES)) {
    const wasRun = FILES[project]
    if (wasRun === undefined) throw new Stop(`${project}: one of ${Object.keys(FILES).join(', ')}, please.`)
    const { tally, shown } = await runVitest(['--project', project, '-t', String.raw`\[U\d+\]`], {
      env: { CHROMIUM_PATH: chromium.path, ROOMFUL_TEST_BUILT: '1' },
    })
    if (tally.failed > 0) throw new Stop('a test failed: docs/ux-coverage.md stays as it was.')
    writeFileSync(DOCUMENT, updated(current(), shown, wasRun))
  }
})
