import { LogError } from './log-error.ts'
import type { RedisCommands, RedisReply } from './redis-commands.ts'
import { MERGE_REVOCATIONS_SCRIPT, REVOKE_SCRIPT } from './redis-lua-revoke.ts'
import { countOf, listOf, textOf } from './redis-reply.ts'
import { callScript } from './redis-script.ts'
import type { RedisSubscriptions } from './redis-subscriptions.ts'
import type { RevocationLog, RevocationSink } from './revocation-log.ts'
import { RevocationSet, revocationKey, revocationOf, type Revocation } from './revocation-set.ts'

/** What revocations on Redis need of their log. */
export interface RedisRevocationsOwner {
  readonly commands: RedisCommands
  readonly subscriptions: RedisSubscriptions
  /** Sorted set: what is revoked, by the moment. */
  readonly key: string
  readonly channel: string
  /** So many are told apart. */
  readonly max: number
}

/** So many are said again in one call. */
const MERGED_AT_ONCE = 500

/**
 * Revocations that all instances share: one sorted set, and a channel on which each is told at once. Moments are those of
 * Redis's clock and grow with every revocation, so that size and newest tell an instance whether it knows all: it looks with
 * every poll, and after each reconnect. A Redis that came back empty or older is told what it lacks by whoever knows it.
 */
export class RedisRevocations implements RevocationLog {
  readonly #owner: RedisRevocationsOwner
  readonly #known: RevocationSet
  #sink: RevocationSink = () => {}
  #isOpen = false
  #isChecking = false

  constructor(owner: RedisRevocationsOwner) {
    this.#owner = owner
    this.#known = new RevocationSet(owner.max)
  }

  async open(sink: RevocationSink): Promise<void> {
    const { channel, subscriptions } = this.#owner
    this.#sink = sink
    try {
      await subscriptions.add(new Map([[channel, (message: Buffer) => this.#heard(message)]]))
      await this.#read()
      this.#isOpen = true
    } catch (error) {
      throw new LogError('unavailable', 'revocations could not be read from Redis: try again later', {
        cause: error,
      })
    }
  }

  async add(revocation: Revocation): Promise<void> {
    const { commands, channel, key, max } = this.#owner
    const member = revocationKey(revocation.room, revocation.userId)
    const [reply] = await commands.run([callScript(REVOKE_SCRIPT, [key], [member, max, channel])])
    const told = pairsOf(listOf(reply))
    // what Redis has not taken is said again by the next look
    this.#take(told.length === 0 ? [revocation] : told)
    if (told.length > 0) return
    throw new LogError('unavailable', 'Redis has not taken the revocation: it is kept here and said again', {
      cause: reply,
    })
  }

  /** Whether something was missed, here or there. Never rejects. */
  async check(): Promise<void> {
    if (!this.#isOpen || this.#isChecking) return
    const { commands, key } = this.#owner
    this.#isChecking = true
    try {
      const [size, newest] = await commands.run([
        { command: 'ZCARD', args: [key] },
        { command: 'ZREVRANGE', args: [key, 0, 0, 'WITHSCORES'] },
      ])
      const count = countOf(size)
      if (count === undefined) return
      const [last] = pairsOf(listOf(newest))
      if (this.#isWhole(count, last)) return
      // moments grow: what was not heard of is the latest, unless it is Redis that lacks something
      if (last !== undefined && last.at > this.#known.newest) await this.#readOn()
      if (!this.#isWhole(count, last)) await this.#read()
    } catch {
      // lost again meanwhile, or refused: the next look is a moment away
    } finally {
      this.#isChecking = false
    }
  }

  #isWhole(count: number, last: Revocation | undefined): boolean {
    return count === this.#known.size && (last?.at ?? -Infinity) === this.#known.newest
  }

  /** Takes over what is later than all that is known. */
  async #readOn(): Promise<void> {
    const { commands, key } = this.#owner
    const after = this.#known.newest
    const [reply] = await commands.run([
      {
        command: 'ZRANGEBYSCORE',
        args: [key, after === -Infinity ? '-inf' : `(${after}`, '+inf', 'WITHSCORES'],
      },
    ])
    if (reply instanceof Error) throw reply
    this.#take(pairsOf(listOf(reply)))
  }

  /** Takes over what is stored, and says what is not. */
  async #read(): Promise<void> {
    const { commands, channel, key, max } = this.#owner
    const [reply] = await commands.run([{ command: 'ZRANGE', args: [key, 0, -1, 'WITHSCORES'] }])
    if (reply instanceof Error) throw reply
    const stored = new RevocationSet(max)
    for (const revocation of pairsOf(listOf(reply))) stored.add(revocation)
    this.#take([...stored])
    const lacking = [...this.#known].filter(
      ({ room, userId, at }) => stored.add({ room, userId, at }).put.length > 0,
    )
    for (let from = 0; from < lacking.length; from += MERGED_AT_ONCE) {
      const pairs = lacking
        .slice(from, from + MERGED_AT_ONCE)
        .flatMap(({ room, userId, at }) => [revocationKey(room, userId), at])
      await commands.run([callScript(MERGE_REVOCATIONS_SCRIPT, [key], [max, channel, ...pairs])])
    }
  }

  #heard(message: Buffer): void {
    let told: unknown
    try {
      told = JSON.parse(message.toString())
    } catch {
      // SyntaxError: nothing of ours
      return
    }
    this.#take(pairsOf(Array.isArray(told) ? told : []))
  }

  #take(revocations: readonly Revocation[]): void {
    const fresh = revocations.filter((revocation) => this.#known.add(revocation).put.length > 0)
    if (fresh.length > 0) this.#sink(fresh)
  }
}

/** Revocations from keys and moments in turn, or in pairs as RESP3 has them; none of what is something else. */
function pairsOf(replies: readonly RedisReply[]): Revocation[] {
  const revocations: Revocation[] = []
  const list = replies.flat()
  for (let index = 0; index + 1 < list.length; index += 2) {
    const key = textOf(list[index])
    const at = countOf(list[index + 1])
    if (key !== undefined && at !== undefined) revocations.push(revocationOf(key, at))
  }
  return revocations
}
