import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './build.mjs'
import { install } from './install.mjs'
import { main, ROOT, Stop, toolPath } from './run.mjs'
import { serve } from './serve.mjs'
import { forwardSignals } from './signals.mjs'

const EXAMPLES = join(ROOT, 'examples')

/** The folders of `examples/` that are web pages. */
const names = () => readdirSync(EXAMPLES).filter((name) => existsSync(join(EXAMPLES, name, 'index.html')))

/**
 * Serves an example's page with Vite in front of a server of ours.
 *
 * @param {string} name
 * @param {string} server address of the rooms
 */
function page(name, server) {
  const args = [toolPath('vite'), '--host', '127.0.0.1', '--port', process.env.EXAMPLE_PORT || '5174']
  const vite = spawn(process.execPath, args, {
    cwd: join(EXAMPLES, name),
    env: { ...process.env, ROOMFUL_SERVER: server },
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  forwardSignals(vite)
  return vite
}

main(import.meta.url, async () => {
  const [name] = process.argv.slice(2)
  if (name === undefined || !names().includes(name))
    throw new Stop(`npm run example -- <name>, please; there is ${names().join(' and ')}.`)
  await install()
  await build()
  return serve(join(ROOT, 'server', 'dist', 'main.js'), {
    // beside a room that runs already; an example leaves nothing behind
    env: { ...process.env, PORT: process.env.PORT || '0', DATA_DIR: process.env.DATA_DIR || ':memory:' },
    onListening: (url) => page(name, url),
  })
})
