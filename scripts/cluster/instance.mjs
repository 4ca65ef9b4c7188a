import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { ROOT } from '../run.mjs'

/** An instance that ended is started again after so long, ms: enough to see how its people go on elsewhere. */
const AGAIN_MS = 1_000
const LEASH = pathToFileURL(join(ROOT, 'scripts', 'leash.mjs')).href
const ENTRY = join(ROOT, 'server', 'dist', 'main.js')

/**
 * Keeps one server running: whoever kills it sees how its people go on elsewhere, and it comes back.
 *
 * @param {string} name its INSTANCE_ID
 * @param {NodeJS.ProcessEnv} env
 * @param {(line: string) => void} say
 */
export function keepInstance(name, env, say) {
  /** @type {{ pid: number | undefined, port: number } | undefined} */
  let up
  let hasListened = false
  /** @type {(isUp: boolean) => void} */
  let tell = () => {}
  /** Whether it came to listen; `false` once it ended without. */
  const started = new Promise((/** @type {(isUp: boolean) => void} */ settle) => (tell = settle))
  const over = new AbortController()
  let child = launch()
  /** Resolves once it has ended for good. */
  const ended = keep()

  function launch() {
    const server = spawn(process.execPath, ['--import', LEASH, ENTRY], {
      cwd: ROOT,
      env: { ...env, PORT: '0', HOST: '127.0.0.1', INSTANCE_ID: name },
      // a group of its own: Ctrl-C reaches it once, through us
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    })
    createInterface({ input: /** @type {import('node:stream').Readable} */ (server.stdout) }).once(
      'line',
      (line) => {
        up = { pid: server.pid, port: Number(new URL(JSON.parse(line).url).port) }
        if (hasListened) say(`instance ${name} is back: pid ${up.pid}, http://127.0.0.1:${up.port}`)
        hasListened = true
        tell(true)
      },
    )
    return server
  }

  async function keep() {
    for (;;) {
      const why = await endOf(child)
      up = undefined
      tell(false)
      // who never listened has said why; again it would say the same
      if (!hasListened || over.signal.aborted) return
      say(`instance ${name} ended (${why}); it is started again`)
      await pause(over.signal)
      if (over.signal.aborted) return
      child = launch()
    }
  }

  return {
    name,
    started,
    /** Its address, while it listens. */
    get up() {
      return up
    },
    /**
     * Ends it for good: drained by SIGTERM, at once by SIGKILL.
     *
     * @param {'SIGTERM' | 'SIGKILL'} signal
     */
    stop(signal) {
      over.abort()
      child.kill(signal)
      return ended
    },
  }
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<string>} how it ended
 */
async function endOf(child) {
  try {
    const [code, signal] = await once(child, 'close')
    return signal ?? `exit code ${code}`
  } catch (error) {
    // the system had no process for it
    return error instanceof Error ? error.message : String(error)
  }
}

/** @param {AbortSignal} until */
function pause(until) {
  return new Promise((settle) => {
    const timer = setTimeout(settle, AGAIN_MS, undefined)
    until.addEventListener('abort', () => {
      clearTimeout(timer)
      settle(undefined)
    })
  })
}
