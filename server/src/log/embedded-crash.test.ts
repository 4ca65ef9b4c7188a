import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { collect, LogProbe, roomNamed, textOf } from './contract-probe.ts'
import { createEmbeddedLog } from './embedded-log.ts'

const run = promisify(execFile)
/** A child that hangs is killed, not left behind. */
const LIMIT = { timeout: 45_000, killSignal: 'SIGKILL' } as const
const CHILD = fileURLToPath(new URL('./fixtures/append-child.mjs', import.meta.url))
const NODE_ARGS = ['--conditions=@roomful/source', '--import', 'tsx', CHILD]
/** As one shell word list; paths of a checkout may hold spaces. */
const NODE_WORDS = [process.execPath, ...NODE_ARGS].map((word) => `'${word}'`).join(' ')
const KILLS = 5

let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'roomful-crash-'))
})
afterEach(async () => {
  await rm(dir, { recursive: true, force: true })
})

describe('embedded log and sudden death', () => {
  test(
    '[I1] after kill -9 at random moments every acknowledged position is there',
    { timeout: 60_000 },
    async () => {
      const seed = Math.floor(Math.random() * 2 ** 31)
      const random = seededRandom(seed)
      const acknowledged = new Map<string, string>()
      for (let kill = 0; kill < KILLS; kill += 1) {
        await runUntilKilled(1 + Math.floor(random() * 400), acknowledged)
      }
      const log = await createEmbeddedLog({ dir })
      const room = await log.open(roomNamed('crash'), new LogProbe())
      const stored = new Map<string, string>()
      for await (const entry of room.read('')) stored.set(entry.position, textOf(entry.update))
      const lost = [...acknowledged].filter(([position, text]) => stored.get(position) !== text)
      expect(lost, `seed ${seed}`).toEqual([])
      expect(acknowledged.size).toBeGreaterThanOrEqual(KILLS)
      const [summary] = await collect(log.rooms())
      expect(summary?.entries).toBe(stored.size)
      await log.close()
    },
  )

  test(
    '[I1] on a full disk nothing is acknowledged; freed, all is taken and survives kill -9',
    { timeout: 60_000 },
    async (ctx) => {
      const namespace = await findNamespace()
      if (namespace === undefined)
        ctx.skip('no small tmpfs can be mounted here; the file size limit below runs instead')
      const disk = join(dir, 'disk')
      const acks = join(dir, 'acks')
      // in a namespace of its own: no mount outlives the child, and none of the machine's is touched
      await mkdir(disk)
      const script = `mount -t tmpfs -o size=4m tmpfs '${disk}' || exit 77
      ${NODE_WORDS} fill '${disk}' '${acks}'
      ${NODE_WORDS} verify '${disk}/log' '${acks}'`
      const { stdout: output } = await run('unshare', [...(namespace ?? []), 'sh', '-c', script], LIMIT)
      expect(output).toMatch(/full after \d+, acknowledged \d+\n/)
      expect(output).toMatch(/verified \d+ of \d+\n/)
    },
  )

  test(
    '[I1] real torn writes at a file size limit lose nothing acknowledged, also after kill -9',
    { timeout: 60_000 },
    async (ctx) => {
      if (process.platform === 'win32') ctx.skip('no file size limits on Windows')
      const log = join(dir, 'log')
      const acks = join(dir, 'acks')
      // only the soft limit, only of the writing child: the verifying one has none
      const script = `(ulimit -S -f 512; exec ${NODE_WORDS} limit '${log}' '${acks}')
      ${NODE_WORDS} verify '${log}' '${acks}'`
      const { stdout } = await run('sh', ['-c', script], LIMIT)
      expect(stdout).toMatch(/failures 3, acknowledged \d+\n/)
      expect(stdout).toMatch(/verified \d+ of \d+\n/)
    },
  )
})

/** Lets a child append until it has printed `count` more lines, kills it, and keeps what it printed. */
async function runUntilKilled(count: number, acknowledged: Map<string, string>): Promise<void> {
  const child: ChildProcess = spawn(process.execPath, [...NODE_ARGS, 'append', dir], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  if (child.stdout === null) throw new Error('no output to read')
  let lines = 0
  for await (const line of createInterface({ input: child.stdout })) {
    const [position = '', text = ''] = line.split(' ')
    acknowledged.set(position, text)
    lines += 1
    if (lines === count) child.kill('SIGKILL')
  }
  await exited
}

/** How this machine lets us mount: as an ordinary user in a namespace of his, or as root. */
async function findNamespace(): Promise<readonly string[] | undefined> {
  for (const args of [['-Urm'], ['-m']]) {
    try {
      await run('unshare', [...args, 'mount', '-t', 'tmpfs', 'tmpfs', dir], LIMIT)
      return args
    } catch {
      // no `unshare`, or namespaces of this kind are switched off: the next one
    }
  }
  return undefined
}

/** mulberry32: small, seeded, good enough to pick moments. */
function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
