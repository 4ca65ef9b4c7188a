import { Redis } from 'ioredis'
import type { Clock } from '../clock.ts'
import type { RedisAddress } from './redis-address.ts'
import { RedisCluster } from './redis-cluster.ts'
import type { RedisCommands, RedisCommandsOwner } from './redis-commands.ts'
import { RedisConnection, type RedisConnectionOwner } from './redis-connection.ts'
import { connectionOptions, nodeOptions, type RedisSecrets } from './redis-options.ts'

/** What a log holds of its Redis. */
export interface RedisServers {
  readonly commands: RedisCommands
  /** Of a cluster: one node, which tells what is published at any. */
  readonly subscriber: RedisConnection
}

/** Connects to what stands at an address. */
export function connectRedis(
  address: RedisAddress,
  secrets: RedisSecrets,
  clock: Clock,
  owners: { readonly commands: RedisCommandsOwner; readonly subscriber: RedisConnectionOwner },
): RedisServers {
  const settings = connectionOptions(address, secrets)
  if (address.layout.kind !== 'cluster') {
    const { commands: owner } = owners
    const keeper = {
      canary: () => owner.canary(0),
      demoted: () => owner.demoted(),
      exchanged: () => owner.exchanged(() => true),
    }
    return {
      commands: new RedisConnection(new Redis(settings), clock, {
        ready: (concerns) => owner.ready(concerns),
        lost: (error) => owner.lost(error),
        keeper,
      }),
      subscriber: new RedisConnection(new Redis(settings), clock, owners.subscriber),
    }
  }
  const commands = new RedisCluster({ address, secrets, settings, clock }, owners.commands)
  const [seed] = address.nodes
  const redis = new Redis({ ...settings, ...nodeOptions(address, secrets, seed) })
  // the node may be gone for good, or cut off from the others: each time another one is tried
  redis.on('close', () => {
    const { host = seed.host, port = seed.port } = redis.options
    Object.assign(redis.options, nodeOptions(address, secrets, commands.anotherThan({ host, port })))
  })
  return { commands, subscriber: new RedisConnection(redis, clock, owners.subscriber) }
}
