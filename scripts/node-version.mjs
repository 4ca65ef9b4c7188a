import { readFileSync } from 'node:fs'

/**
 * Tells whether a Node version is new enough. Kept to syntax that Node 14 parses, as is every file loaded before
 * the check: an old Node should print our line, not a SyntaxError.
 *
 * @param {string} version as in `process.versions.node`, for example `20.20.2`
 * @param {string} range as in package.json `engines.node`; only `>=x.y` is understood
 * @returns {string | undefined} what to tell the reader, or `undefined` when the version will do
 */
export function nodeComplaint(version, range) {
  const wanted = range.replace(/^\D*/, '')
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [wantedMajor = 0, wantedMinor = 0] = wanted.split('.').map(Number)
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return undefined
  return `Node ${wanted} or newer is needed, this is Node ${version}. Get one from https://nodejs.org (or: nvm install 22).`
}

/** Ends the process with one line when this Node is too old for Roomful. */
export function assertNodeVersion() {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  const complaint = nodeComplaint(process.versions.node, manifest.engines.node)
  if (complaint === undefined) return
  console.error(`roomful: ${complaint}`)
  process.exit(1)
}
