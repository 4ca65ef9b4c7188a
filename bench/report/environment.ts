import { availableParallelism, cpus, loadavg, release, totalmem, type as osType } from 'node:os'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { peerVersion, versionIn } from '../servers/peers.ts'
import type { ServerName } from '../servers/catalogue.ts'

/** Where and with what a result was made. */
export interface Environment {
  readonly date: string
  readonly command: string
  readonly node: string
  readonly os: string
  readonly cpu: string
  readonly memoryGiB: number
  /** Of the last minute at the start: a busy machine is seen here. */
  readonly load: number
  readonly servers: Readonly<Record<string, string>>
}

export function environmentOf(servers: readonly ServerName[], command: string): Environment {
  return {
    date: new Date().toISOString(),
    command,
    node: process.version,
    os: `${osType()} ${release()}`,
    cpu: `${availableParallelism()} x ${cpus()[0]?.model.trim() ?? 'unknown'}`,
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    load: Number((loadavg()[0] ?? 0).toFixed(1)),
    servers: Object.fromEntries(servers.map((name) => [name, versionOf(name)])),
  }
}

function versionOf(name: ServerName): string {
  switch (name) {
    case 'roomful':
      return `${packageVersion('@roomful/server')} at ${commit()}`
    case 'y-websocket':
      return `@y/websocket-server ${peerVersion('@y/websocket-server')}, yjs ${peerVersion('yjs')}`
    case 'y-redis':
      return `y-redis ${peerVersion('y-redis')}, @y/websocket-server ${peerVersion('@y/websocket-server')}`
    case 'hocuspocus':
      return `@hocuspocus/server ${peerVersion('@hocuspocus/server')} on Node 24`
    case 'limit-ws':
    case 'limit-tick0':
    case 'limit-tick20':
      return packageVersion('ws')
    case 'limit-redis':
      return `${packageVersion('ws')}, ${packageVersion('ioredis')}`
  }
}

function packageVersion(name: string): string {
  return `${name} ${versionIn(join(import.meta.dirname, '..', '..', 'node_modules', name, 'package.json'))}`
}

/** Which state of the repository was measured. */
function commit(): string {
  const git = (...args: string[]): string =>
    spawnSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' }).stdout?.trim() ?? ''
  const isChanged =
    git('status', '--porcelain', '--untracked-files=no', '--', '../server', '../shared') !== ''
  return `${git('rev-parse', '--short', 'HEAD')}${isChanged ? ' with changes' : ''}`
}
