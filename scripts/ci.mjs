import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { CACHE, main, run } from './run.mjs'
import { EMPTY, nameTrouble, sum, summaryLine } from './tally.mjs'

/**
 * @param {string} script
 * @param {number | null} code
 */
const broken = (script, code) => ({
  failed: 1,
  failures: [`npm run ${script}: ended with ${code} before its end`],
  failedFiles: [],
})

/**
 * Runs an npm script and reads the counts it left.
 *
 * @param {string} script
 * @param {string} name of the file with the counts
 * @returns {Promise<import('./tally.mjs').Tally>} one failure when it ended without leaving any
 */
async function counted(script, name) {
  const file = join(CACHE, `${name}.json`)
  rmSync(file, { force: true })
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const { code } = await run(npm, ['run', '--silent', script], { env: { ...process.env, CI: '1' } })
  try {
    const tally = JSON.parse(readFileSync(file, 'utf8'))
    return code !== 0 && tally.failed === 0 ? { ...tally, ...broken(script, code) } : tally
  } catch {
    // it stopped before the end and has said why
    return { ...EMPTY, ...broken(script, code) }
  }
}

// What continuous integration runs: everything, no skip permitted, one line at the end.
main(import.meta.url, async () => {
  const test = await counted('test', 'test')
  const tallies = test.failed === 0 ? [test, await counted('test:long', 'test-long')] : [test]
  const total = sum(tallies)
  // again, where they are seen: each is a fault of the test or of what it tests
  nameTrouble(total)
  console.log(summaryLine(total))
  return total.failed === 0 ? 0 : 1
})
