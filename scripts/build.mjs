import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { install } from './install.mjs'
import { CACHE, main, ROOT, runTool, seconds, Stop } from './run.mjs'
import { hashOf, stampAt } from './stamp.mjs'

/** Packages that tsc alone builds, in the order of their imports. */
export const LIBRARIES = ['shared', 'server', 'client/provider', 'client/react']

const SOURCES = [
  ...LIBRARIES.flatMap((folder) => [`${folder}/src`, `${folder}/package.json`, `${folder}/tsconfig.json`]),
  'client/app',
  'tsconfig.base.json',
  'pnpm-lock.yaml',
]

/** Without these there is nothing to start, whatever the stamp says. */
const RESULTS = ['server/dist/main.js', 'client/app/dist/index.html']

/** @param {string} path relative to the root */
const isTest = (path) => /\.test\.tsx?$/.test(path)

/** Vite writes `VITE_*` variables into the bundle: a changed one makes the build stale. */
const viteEnv = () =>
  JSON.stringify(
    Object.entries(process.env)
      .filter(([key]) => key.startsWith('VITE_'))
      .sort(),
  )

/**
 * Copies the worker threads' plain `.js` entries and their declarations beside the compiled code: tsc leaves them
 * alone, because they are checked through JSDoc only.
 *
 * @param {string} [root]
 */
export function copyWorkers(root = ROOT) {
  const source = join(root, 'server', 'src')
  for (const name of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.js') && !name.endsWith('.d.ts')) continue
    const from = join(source, name)
    const to = join(root, 'server', 'dist', name)
    mkdirSync(dirname(to), { recursive: true })
    if (name.endsWith('.js')) copyFileSync(from, to)
    // what tsc does with relative imports in the declarations it writes itself
    else writeFileSync(to, readFileSync(from, 'utf8').replace(/(from '\.[^']*)\.ts'/g, "$1.js'"))
  }
}

/** Compiles the packages to their `dist` folders; tsc does only what changed. */
export async function buildLibraries() {
  const { code, output } = await runTool('typescript', ['-b', ...LIBRARIES], { bin: 'tsc', quiet: true })
  if (code !== 0) {
    console.error(output.trimEnd())
    throw new Stop('the packages do not compile: see the errors above.')
  }
  copyWorkers()
}

async function buildApp() {
  const { code, output } = await runTool('vite', ['build'], { cwd: join(ROOT, 'client', 'app'), quiet: true })
  if (code === 0) return
  console.error(output.trimEnd())
  throw new Stop('the web app does not build: see the errors above.')
}

/**
 * Builds packages, server and app.
 *
 * @param {{ force?: boolean }} [options] `force` starts from nothing; otherwise an up-to-date build is left alone
 * @returns {Promise<void>} rejects with a `Stop` after printing the compiler's errors
 */
export async function build({ force = false } = {}) {
  const stamp = stampAt(join(CACHE, 'build'))
  const hash = hashOf(ROOT, SOURCES, { skip: isTest, extra: viteEnv() })
  const isComplete = RESULTS.every((file) => existsSync(join(ROOT, file)))
  if (!force && isComplete && stamp.matches(hash)) return
  const started = performance.now()
  stamp.clear()
  // tsc never removes the output of a source that is gone
  if (force)
    for (const folder of LIBRARIES) rmSync(join(ROOT, folder, 'dist'), { recursive: true, force: true })
  console.error('roomful: compiling server and packages ...')
  await buildLibraries()
  console.error('roomful: building the web app ...')
  await buildApp()
  stamp.write(hash)
  console.error(`roomful: built in ${seconds(performance.now() - started)}`)
}

main(import.meta.url, async () => {
  await install()
  // where the app is a build of its own: vercel.json
  if (process.argv.includes('--libraries')) await buildLibraries()
  else await build({ force: true })
})
