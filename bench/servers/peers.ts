import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** Where the peers are installed, by their own lockfile: never part of the workspace. */
export const PEERS = join(import.meta.dirname, '..', 'peers')

const run = promisify(execFile)

/** Installs the peers unless they are there. */
export async function installPeers(say: (line: string) => void): Promise<void> {
  if (existsSync(join(PEERS, 'node_modules', '.package-lock.json'))) return
  say('installing the peers into bench/peers/node_modules …')
  await run('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: PEERS })
}

/** A peer's installed version. */
export function peerVersion(name: string): string {
  return versionIn(join(PEERS, 'node_modules', name, 'package.json'))
}

/** The version in a manifest. */
export function versionIn(path: string): string {
  const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'))
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown'
}

/** Hocuspocus 4 wants Node 22 or newer. */
const NODE_OF_HOCUSPOCUS = 'node@24'
let binary: Promise<string> | undefined

/** The path of that Node, from the registry where this one is older. */
export function nodeOfHocuspocus(): Promise<string> {
  binary ??=
    Number(process.versions.node.split('.')[0]) >= 22 ? Promise.resolve(process.execPath) : fetchNode()
  return binary
}

async function fetchNode(): Promise<string> {
  const { stdout } = await run('npx', ['--yes', '-p', NODE_OF_HOCUSPOCUS, 'node', '-p', 'process.execPath'])
  return stdout.trim()
}
