import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { install } from './install.mjs'
import { main, ROOT, toolPath } from './run.mjs'
import { forwardSignals } from './signals.mjs'

const SERVER_PORT = process.env.PORT || '3000'
const APP_PORT = '5173'

/**
 * @param {readonly string[]} args of Node
 * @param {string} cwd
 * @param {NodeJS.ProcessEnv} env
 */
function start(args, cwd, env) {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, ...env },
    // a group of its own, so that Ctrl-C comes once, through us; without the terminal's input, which only the
    // group in the foreground may read
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  forwardSignals(child)
  return child
}

/** Server and app from source, both reloading on change; the end of one is the end of both. */
async function dev() {
  const watch = ['watch', '--clear-screen=false', '--conditions=@roomful/source', 'server/src/main.ts']
  const server = start([toolPath('tsx'), ...watch], ROOT, { PORT: SERVER_PORT })
  const vite = [toolPath('vite'), '--host', '127.0.0.1', '--port', APP_PORT, '--strictPort']
  const app = start(vite, join(ROOT, 'client', 'app'), {
    ROOMFUL_DEV_SERVER: `http://127.0.0.1:${SERVER_PORT}`,
  })
  console.error(`roomful: app on http://127.0.0.1:${APP_PORT}, server on http://127.0.0.1:${SERVER_PORT}`)
  const codes = [server, app].map(
    (child) =>
      new Promise((settle) => {
        child.once('error', () => settle(1))
        child.once('close', (code) => settle(code ?? 0))
      }),
  )
  const first = await Promise.race(codes)
  server.kill('SIGTERM')
  app.kill('SIGTERM')
  await Promise.all(codes)
  return first
}

main(import.meta.url, async () => {
  await install()
  return dev()
})
