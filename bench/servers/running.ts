import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, connect } from 'node:net'
import type { Target } from '../generator/client.ts'
import { sleep } from '../generator/pacer.ts'
import { pinned } from './cores.ts'

/** A server under test in a process of its own. */
export interface RunningServer {
  readonly target: Target
  /** From the start of the process until it took connections, ms. */
  readonly startMs: number
  /** As an operator would. */
  stop(): Promise<void>
  /** As a crash would. */
  kill(): Promise<void>
}

/** How to start one. */
export interface Command {
  readonly command: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
  readonly port: number
  readonly path: Target['path']
  readonly dialect: Target['dialect']
}

const HOST = '127.0.0.1'
const START_MS = 60_000
const STOP_MS = 12_000

/** Starts a server on the core for servers and waits until it takes connections. */
export async function start(command: Command): Promise<RunningServer> {
  const startedAt = performance.now()
  const [file, args] = pinned('server', command.command, command.args)
  const child = spawn(file, args, {
    env: { ...process.env, ...command.env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  // nothing is left behind, however the bench ends
  const endWithUs = (): void => void child.kill('SIGKILL')
  process.once('exit', endWithUs)
  child.once('exit', () => process.off('exit', endWithUs))
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    // what it says while it runs is no business of ours; why it did not start is
    if (said.length < 10_000) said += chunk.toString()
  })
  await Promise.race([
    listens(command.port),
    once(child, 'exit').then(() =>
      Promise.reject(new Error(`${command.args.join(' ')} ended at once:\n${said}`)),
    ),
  ])
  const { pid } = child
  if (pid === undefined) throw new Error(`${file} could not be started`)
  return {
    target: { host: HOST, port: command.port, path: command.path, dialect: command.dialect, pid },
    startMs: performance.now() - startedAt,
    stop: () => end(child, 'SIGTERM'),
    kill: () => end(child, 'SIGKILL'),
  }
}

/** A port nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST)
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

async function listens(port: number): Promise<void> {
  const end = performance.now() + START_MS
  while (performance.now() < end) {
    if (await answers(port)) return
    await sleep(2)
  }
  throw new Error(`nothing listens on port ${port} after ${START_MS} ms`)
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill(signal)
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  await gone
  clearTimeout(timer)
}
