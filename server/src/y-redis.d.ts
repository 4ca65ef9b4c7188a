/** y-redis 1.0.3 hides its own types behind `exports`; what is used of it. */
declare module 'y-redis' {
  /** What of its client library is used (it brings ioredis 4). */
  export interface ListClient {
    on(event: 'error', listener: (error: Error) => void): unknown
    on(event: 'ready', listener: () => void): unknown
    /** Of a cluster: who holds which keys was asked anew; a node was lost. */
    on(event: 'refresh' | '-node', listener: () => void): unknown
    /** Of a cluster: by slot, the names of its servers (`host:port`), the master first. */
    readonly slots?: readonly (readonly string[] | undefined)[]
    readonly connectionPool?: { redisOptions?: object }
    llen(key: string): Promise<number>
    lrangeBuffer(key: string, start: number, stop: number): Promise<Buffer[]>
    rpushBuffer(key: string, ...updates: Buffer[]): Promise<number>
    publish(channel: string, message: string): Promise<number>
    disconnect(): void
  }
  export interface PersistenceDoc {
    readonly synced: Promise<unknown>
    readonly updateHandler: (update: Uint8Array) => void
    /** Entries of the list that were read. */
    readonly _clock: number
    _fetchingClock: number
    getUpdates(): Promise<unknown>
  }
  export class RedisPersistence {
    constructor(options: { readonly redisOpts: object } | { readonly redisClusterOpts: readonly object[] })
    readonly redis: ListClient
    readonly sub: ListClient
    bindState(name: string, doc: import('yjs').Doc): PersistenceDoc
  }
}
