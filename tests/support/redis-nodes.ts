import { RedisServer, type RedisServerOptions } from './redis-server.ts'
import { waitFor } from './wait.ts'

/** How a private cluster is set up. */
export interface RedisNodesOptions {
  /** Default 3: fewer elect nobody when one is lost. */
  readonly masters?: number | undefined
  /** So many of the masters have a replica; default none. */
  readonly replicas?: number | undefined
  /** Of each node. */
  readonly node?: Omit<RedisServerOptions, 'isNode' | 'sentinel'> | undefined
}

const SLOTS = 16_384

/**
 * A Redis Cluster of a test's own, on any free ports of 127.0.0.1: each master holds an equal part of the slots.
 *
 * @example
 * const nodes = await RedisNodes.start()
 * const log = await createRedisLog({ url: nodes.url })
 * await nodes.stop()
 */
export class RedisNodes {
  /** As they were at the start. */
  readonly masters: RedisServer[] = []
  /** That of the master at the same place, where it has one. */
  readonly replicas: RedisServer[] = []
  readonly #options: RedisNodesOptions

  private constructor(options: RedisNodesOptions) {
    this.#options = options
  }

  static async start(options: RedisNodesOptions = {}): Promise<RedisNodes> {
    const nodes = new RedisNodes(options)
    try {
      await nodes.#start()
      return nodes
    } catch (error) {
      await nodes.stop()
      throw error
    }
  }

  get all(): readonly RedisServer[] {
    return [...this.masters, ...this.replicas]
  }

  /** Two of the masters: the others have to be found. */
  get url(): string {
    const places = this.masters.slice(0, 2).map(({ port }) => `127.0.0.1:${port}`)
    return `redis+cluster://${places.join(',')}`
  }

  /** One more master, without slots. */
  async add(): Promise<RedisServer> {
    const added = await this.#launch()
    this.masters.push(added)
    await this.#meet()
    return added
  }

  async stop(): Promise<void> {
    await Promise.all(this.all.map((server) => server.stop()))
  }

  /** The one that says that it holds the slot of a key. */
  async holderOf(key: string, among: readonly RedisServer[] = this.all): Promise<RedisServer> {
    const slot = await this.slotOf(key)
    for (const server of among) {
      const lines = String(await server.admin.cluster('NODES')).split('\n')
      const own = lines.find((line) => line.includes('myself,master'))
      const holds = (own?.split(' ').slice(8) ?? []).some((range) => {
        const [from = Number.NaN, to = from] = range.split('-').map(Number)
        return slot >= from && slot <= to
      })
      if (holds) return server
    }
    throw new Error(`nobody holds slot ${slot}`)
  }

  async slotOf(key: string): Promise<number> {
    return Number(await this.masters[0]?.admin.cluster('KEYSLOT', key))
  }

  /**
   * Moves the slot of a key as `redis-cli --cluster reshard` does.
   *
   * @param during runs when the first half of its keys has been moved.
   */
  async move(key: string, to: RedisServer, during: () => Promise<void>): Promise<void> {
    const slot = await this.slotOf(key)
    const from = await this.holderOf(key)
    const [fromId, toId] = [await idOf(from), await idOf(to)]
    await to.admin.cluster('SETSLOT', slot, 'IMPORTING', fromId)
    await from.admin.cluster('SETSLOT', slot, 'MIGRATING', toId)
    const keys = await from.admin.cluster('GETKEYSINSLOT', slot, 1_000)
    const half = Math.ceil(keys.length / 2)
    await migrate(from, to, keys.slice(0, half))
    await during()
    for (let left = keys; left.length > 0; left = await from.admin.cluster('GETKEYSINSLOT', slot, 1_000))
      await migrate(from, to, left)
    for (const server of [to, from, ...this.masters])
      await server.admin.cluster('SETSLOT', slot, 'NODE', toId)
  }

  async #start(): Promise<void> {
    const { masters = 3, replicas = 0 } = this.#options
    for (let index = 0; index < masters; index += 1) {
      this.masters.push(await this.#launch())
      if (index < replicas) this.replicas.push(await this.#launch())
    }
    for (const [index, { admin }] of this.masters.entries()) {
      const [from, behind] = [index, index + 1].map((part) => Math.ceil((SLOTS * part) / masters))
      await admin.call('CLUSTER', 'ADDSLOTSRANGE', String(from), String((behind ?? 0) - 1))
      await admin.call('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1))
    }
    await this.#meet()
    for (const [index, { admin }] of this.replicas.entries()) {
      const master = this.masters[index]
      if (master !== undefined) await admin.cluster('REPLICATE', await idOf(master))
    }
    await waitFor('the replicas to follow', async () =>
      (await Promise.all(this.replicas.map(({ admin }) => admin.info('replication')))).every((info) =>
        info.includes('master_link_status:up'),
      ),
    )
    await waitFor('all nodes to know the replicas', async () =>
      (await this.#everywhere('NODES')).every(
        (nodes) => nodes.match(/slave/g)?.length === (this.replicas.length || undefined),
      ),
    )
  }

  async #launch(): Promise<RedisServer> {
    return RedisServer.start({ ...this.#options.node, isNode: true })
  }

  /** Everybody to everybody: gossip alone takes seconds. */
  async #meet(): Promise<void> {
    for (const one of this.all)
      for (const other of this.all)
        if (one !== other)
          await one.admin.call('CLUSTER', 'MEET', '127.0.0.1', String(other.port), String(other.busPort))
    await waitFor('the nodes to be a cluster', async () =>
      (await this.#everywhere('INFO')).every(
        (info) =>
          info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${this.all.length}`),
      ),
    )
  }

  #everywhere(what: 'INFO' | 'NODES'): Promise<string[]> {
    return Promise.all(this.all.map(async ({ admin }) => String(await admin.call('CLUSTER', what))))
  }
}

async function idOf(server: RedisServer): Promise<string> {
  return String(await server.admin.cluster('MYID'))
}

async function migrate(from: RedisServer, to: RedisServer, keys: readonly string[]): Promise<void> {
  const place = ['127.0.0.1', String(to.port), '', '0', '5000']
  if (keys.length > 0) await from.admin.call('MIGRATE', ...place, 'KEYS', ...keys)
}
