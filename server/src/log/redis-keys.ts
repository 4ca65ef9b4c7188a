import type { RoomName } from '@roomful/shared'

/** The keys of one room. All share one hash tag, so that a cluster keeps them in one slot and one script may touch them. */
export interface RoomKeys {
  /** Hash: counters, epoch, generation, tombstone; see `redis-head.ts`. */
  readonly meta: string
  /** Stream: one entry per update, id `<sequence>-0`. */
  readonly log: string
  readonly snapshot: string
  /** Hash: how far each instance has read. */
  readonly readers: string
  /** Hash: the last append of each writer, so that a retried one is not stored twice. */
  readonly writers: string
  /** Pub/sub channel, no key. */
  readonly channel: string
  /** y-redis's own list of updates. */
  readonly list: string
  /** y-redis's own channel: carries the length of its list. */
  readonly bell: string
  /**
   * A channel on which nothing is said: who holds it beside {@link bell} is one of ours. Empty in a cluster, whose servers
   * know their own listeners only: somebody with y-redis is taken to be there always.
   */
  readonly mark: string
}

/**
 * Every key and channel in Redis. The tag is the name of y-redis's own list (`<prefix><room>:updates`), which thereby
 * falls into the same slot.
 *
 * @example new RedisKeys('roomful:').room(lobby).log // '{roomful:lobby:updates}:log'
 */
export class RedisKeys {
  readonly #prefix: string
  readonly #isCluster: boolean

  /** @param prefix without braces: they would move the hash tag. */
  constructor(prefix: string, isCluster = false) {
    this.#prefix = prefix
    this.#isCluster = isCluster
  }

  /** String: the layout's format version. */
  get format(): string {
    return `${this.#prefix}format`
  }

  /** Sorted set of room names, all of score 0: the order of a listing. */
  get rooms(): string {
    return `${this.#prefix}rooms`
  }

  /** Sorted set: the lease of each instance, by the clock of Redis. */
  get instances(): string {
    return `${this.#prefix}instances`
  }

  /** String: what one instance keeps on each server, under as many names as there are parts; see `redis-canary.ts`. */
  canary(instance: string, part: number): string {
    return `{${this.#prefix}canary:${part}}:${instance}`
  }

  /** Sorted set: what is revoked, each by its moment; see `redis-revocations.ts`. */
  get revocations(): string {
    return `{${this.#prefix}revocations}`
  }

  /** Pub/sub channel: revocations as they come. */
  get revocationNews(): string {
    return `${this.revocations}:news`
  }

  /** Pub/sub channel of one instance, on which nothing is said: see `redis-ear.ts`. */
  ear(instance: string): string {
    return `{${this.instances}}:${instance}`
  }

  room(room: RoomName): RoomKeys {
    const bell = `${this.#prefix}${room}`
    const list = `${bell}:updates`
    const tag = `{${list}}`
    return {
      meta: `${tag}:meta`,
      log: `${tag}:log`,
      snapshot: `${tag}:snapshot`,
      readers: `${tag}:readers`,
      writers: `${tag}:writers`,
      channel: `${tag}:feed`,
      list,
      bell,
      mark: this.#isCluster ? '' : `${tag}:yredis`,
    }
  }
}
