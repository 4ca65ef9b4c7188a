import { run, toolPath } from './run.mjs'
import { ensureTool, findOnPath, isExecutable } from './tools.mjs'

/** @typedef {import('./tools.mjs').Found} Found */

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']

/** Where installers put it without a command on PATH. */
const APPLICATIONS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

const ADVICE = 'install Chromium or Chrome, or set CHROMIUM_PATH to one'

/**
 * Finds a Chromium that is there already: `CHROMIUM_PATH`, then PATH, then the usual places.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Found}
 */
export function findChromium(env = process.env) {
  const chosen = env.CHROMIUM_PATH ?? ''
  if (chosen !== '')
    return isExecutable(chosen)
      ? { path: chosen }
      : { reason: `CHROMIUM_PATH is ${chosen}, which cannot be run; correct or unset it` }
  const path = findOnPath(NAMES, env) ?? APPLICATIONS.find(isExecutable)
  return path === undefined ? { reason: `no ${NAMES.join(', ')} on PATH; ${ADVICE}` } : { path }
}

/**
 * Finds a Chromium or gets one: from apt as root on Debian, else Playwright's own download.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<Found>} never rejects
 */
export async function ensureChromium(env = process.env) {
  const found = findChromium(env)
  // a wrong CHROMIUM_PATH is a mistake to report, not to paper over with another browser
  if ('path' in found || (env.CHROMIUM_PATH ?? '') !== '') return found
  const fromApt = await ensureTool({ names: NAMES, aptPackage: 'chromium', advice: ADVICE }, { env })
  if ('path' in fromApt) return fromApt
  const downloaded = await playwrightChromium(env)
  return 'path' in downloaded ? downloaded : { reason: `${fromApt.reason}; ${downloaded.reason}` }
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Found>}
 */
async function playwrightChromium(env) {
  const { chromium } = await import('playwright-core')
  const path = chromium.executablePath()
  if (isExecutable(path)) return { path }
  console.error('roomful: downloading Chromium with Playwright ...')
  const cli = toolPath('playwright-core')
  const { code, output } = await run(process.execPath, [cli, 'install', 'chromium'], { env, quiet: true })
  if (code === 0 && isExecutable(path)) return { path }
  const reason = output.split('\n').find((line) => /error|fail/i.test(line)) ?? `exit code ${code}`
  return { reason: `Playwright's download failed: ${reason.trim()}` }
}
