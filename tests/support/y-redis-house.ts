import { createRedisLog, systemClock, type Clock, type YRedisMode } from '@roomful/server'
import * as Y from 'yjs'
import type { RedisSuite } from './redis-suite.ts'
import { connectStock, type StockClient } from './stock-client.ts'
import { startServer, type LocalServer } from './test-server.ts'
import { waitFor } from './wait.ts'
import { bindYRedis, type YRedisBinder } from './y-redis-binder.ts'

/** Polls that are seconds apart come every moment, deadlines stay; nothing is measured by it. */
const HURRIED: Clock = {
  ...systemClock,
  after: (ms, run) => systemClock.after(ms > 10_000 ? ms : ms / 30, run),
}

let houses = 0

/** Servers, browsers and y-redis processes of one test in room `lobby`, under a prefix of its own. */
export class YRedisHouse {
  readonly prefix: string
  readonly name: string
  readonly list: string
  readonly #suite: RedisSuite

  constructor(suite: RedisSuite, prefix?: string) {
    houses += 1
    this.prefix = prefix ?? `house${houses}:`
    this.name = `${this.prefix}lobby`
    this.list = `${this.name}:updates`
    this.#suite = suite
  }

  /** A server with two polls a second and more; `slow`: it hears nothing that it is not told. */
  async serve(yredis: YRedisMode = 'live', slow = false): Promise<LocalServer> {
    const backend = await createRedisLog({
      url: this.#suite.redis.url,
      prefix: this.prefix,
      yredis,
      clock: slow ? systemClock : HURRIED,
    })
    const server = await startServer({ backend, storageKind: 'redis' })
    this.#suite.after(() => server.close())
    return server
  }

  async join(server: LocalServer): Promise<StockClient> {
    const client = connectStock(server.wsUrl, 'lobby')
    this.#suite.after(() => client.destroy())
    await waitFor('the client to be synced', () => client.provider.synced)
    return client
  }

  async bind(doc: Y.Doc = new Y.Doc()): Promise<YRedisBinder> {
    const binder = bindYRedis(this.#suite.redis.port, this.name, doc)
    this.#suite.after(() => binder.destroy())
    await binder.synced
    return binder
  }

  /** Entries of the stream. */
  async logged(): Promise<number> {
    return this.#suite.redis.admin.xlen(`{${this.list}}:log`)
  }

  async listed(): Promise<number> {
    return this.#suite.redis.admin.llen(this.list)
  }

  /** Whether the list, read from its start as a new process does, gives this document. */
  async listGives(doc: Y.Doc): Promise<boolean> {
    const fresh = new Y.Doc()
    for (const update of await this.#suite.redis.admin.lrangeBuffer(this.list, 0, -1))
      Y.applyUpdate(fresh, update)
    return isSameDoc(fresh, doc)
  }
}

/** Whether both hold the same, and wait for nothing. */
export function isSameDoc(a: Y.Doc, b: Y.Doc): boolean {
  return (
    a.store.pendingStructs === null &&
    b.store.pendingStructs === null &&
    Y.equalSnapshots(Y.snapshot(a), Y.snapshot(b)) &&
    wordsOf(a).join('\n') === wordsOf(b).join('\n')
  )
}

export function wordsOf(doc: Y.Doc): string[] {
  return doc.getArray<string>('words').toArray()
}

export function say(doc: Y.Doc, ...words: string[]): void {
  doc.getArray<string>('words').push(words)
}
