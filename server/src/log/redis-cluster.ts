import type { Clock } from '../clock.ts'
import { describeNode, type RedisAddress, type RedisNode } from './redis-address.ts'
import { ClusterNode } from './redis-cluster-node.ts'
import type {
  RedisCall,
  RedisCommands,
  RedisCommandsOwner,
  RedisJob,
  RedisReply,
  RedisServerCount,
} from './redis-commands.ts'
import { nodeOptions, type RedisSecrets, type RedisSettings } from './redis-options.ts'
import { askOver, askOverNew, scout } from './redis-scout.ts'
import { parseRedirect, slotOf, SLOTS, type ClusterView, type Redirect } from './redis-slots.ts'

/** Between two questions who holds which keys, while some are held by nobody or a node has sent us elsewhere. */
const AGAIN_MS = 250
/** What nobody tells of is seen after so long. */
const LOOK_MS = 30_000
/** Nodes asked at once. */
const MAX_ASKED = 6
/** Keys among which one is looked for that a server holds: one with a hundredth of the slots has about ten of them. */
const CANARY_PARTS = 1_000
/** How often one call is sent on before its answer is what the last node said. */
const MAX_REDIRECTS = 5

/** What a cluster is reached with. */
export interface RedisClusterOptions {
  readonly address: RedisAddress
  readonly secrets: RedisSecrets
  /** Of its connections, whichever node they go to. */
  readonly settings: RedisSettings
  readonly clock: Clock
}

/**
 * The masters of a Redis Cluster: one supervised connection to each that holds keys. Each call goes to the one that holds
 * its key; a node that says that another one does is believed, unless the call is bound to what was looked at.
 */
export class RedisCluster implements RedisCommands {
  readonly #options: RedisClusterOptions
  readonly #owner: RedisCommandsOwner
  /** Who holds each slot. */
  readonly #holders: (ClusterNode | undefined)[] = Array.from({ length: SLOTS }, () => undefined)
  /** By `host:port`. */
  readonly #nodes = new Map<string, ClusterNode>()
  /** Those of `#nodes` that hold slots. */
  #masters = new Set<ClusterNode>()
  /** Every place where a node was, as of the last view. */
  #places: readonly RedisNode[]
  readonly #canaries = new WeakMap<ClusterNode, string>()
  #isCovered = false
  #asked = 0
  #isLooking = false
  /** Something happened while it was asked. */
  #isOutdated = false
  #isClosed = false
  #closedReconnects = 0
  #lastError: Error | undefined
  #cancelLook: () => void = () => undefined
  #lookAt = Number.POSITIVE_INFINITY

  constructor(options: RedisClusterOptions, owner: RedisCommandsOwner) {
    this.#options = options
    this.#owner = owner
    this.#places = options.address.nodes
    void this.#look()
  }

  get isReady(): boolean {
    if (!this.#isCovered) return false
    // asked for at each answer
    for (const { connection } of this.#masters) if (!connection.isReady) return false
    return true
  }

  get servers(): RedisServerCount {
    const connected = [...this.#masters].filter(({ connection }) => connection.isReady).length
    return { known: this.#masters.size, connected }
  }

  get reconnects(): number {
    return this.#sum(({ reconnects }) => reconnects) + this.#closedReconnects
  }

  get inFlight(): number {
    return this.#sum(({ inFlight }) => inFlight)
  }

  get lastError(): Error | undefined {
    const away = [...this.#masters].find(({ connection }) => !connection.isReady)
    return away?.connection.lastError ?? this.#lastError
  }

  /** Where a connection that may go to any node should go next: to one that answers, not to the one it was at. */
  anotherThan(place: RedisNode): RedisNode {
    const there = [...this.#masters].filter(({ connection }) => connection.isReady).map((node) => node.place)
    const places = there.length > 0 ? there : this.#places
    const name = describeNode(place)
    const at = places.findIndex((one) => describeNode(one) === name)
    return places[(at + 1) % places.length] ?? place
  }

  reaches(key: string): boolean {
    return this.#holders[slotOf(key)]?.connection.isReady === true
  }

  async run(calls: readonly RedisCall[]): Promise<readonly RedisReply[]> {
    const replies: RedisReply[] = Array.from({ length: calls.length }, () => undefined)
    await Promise.all(this.#runAll(calls, (index, reply) => (replies[index] = reply)))
    return replies
  }

  send(jobs: readonly RedisJob[]): void {
    const calls = jobs.map(({ call }) => call)
    for (const done of this.#runAll(calls, (index, reply) => jobs[index]?.answered(reply))) void done
  }

  runEverywhere(calls: readonly RedisCall[]): Promise<readonly (readonly RedisReply[])[]> {
    return Promise.all([...this.#masters].map(({ connection }) => connection.run(calls)))
  }

  async tryWrite(): Promise<readonly RedisReply[]> {
    const replies = await Promise.all([...this.#masters].map(({ connection }) => connection.tryWrite()))
    return this.#isCovered ? replies.flat() : [this.#noHolder()]
  }

  touched(key: string): void {
    this.#holders[slotOf(key)]?.connection.touched()
  }

  reconnect(): void {
    this.#lookWithin(AGAIN_MS)
  }

  close(): void {
    this.#isClosed = true
    this.#cancelLook()
    for (const node of this.#nodes.values()) node.close()
  }

  /** One write to each node. */
  #runAll(
    calls: readonly RedisCall[],
    answered: (index: number, reply: RedisReply) => void,
  ): Promise<void>[] {
    const byNode = new Map<ClusterNode | undefined, number[]>()
    for (const [index, call] of calls.entries()) {
      const holder = this.#holders[slotOf(keyOf(call))]
      const indexes = byNode.get(holder)
      if (indexes === undefined) byNode.set(holder, [index])
      else indexes.push(index)
    }
    return [...byNode].map(async ([node, indexes]) => {
      const asked = indexes.flatMap((index) => calls[index] ?? [])
      const replies = await (node?.connection.run(asked) ?? asked.map(() => this.#noHolder()))
      const moves: Promise<void>[] = []
      for (const [position, index] of indexes.entries()) {
        const [call, reply] = [asked[position], replies[position]]
        const redirect = node === undefined ? undefined : parseRedirect(reply, node.place)
        if (redirect === undefined || call === undefined) answered(index, this.#noted(reply))
        else moves.push(this.#follow(call, reply, redirect).then((last) => answered(index, last)))
      }
      await Promise.all(moves)
    })
  }

  /** Never rejects. */
  async #follow(call: RedisCall, first: RedisReply, firstTo: Redirect): Promise<RedisReply> {
    let reply = first
    let redirect: Redirect | undefined = firstTo
    for (let count = 0; redirect !== undefined && count < MAX_REDIRECTS; count += 1) {
      const node = this.#nodeAt(redirect.to)
      if (redirect.kind === 'moved') {
        this.#lookWithin(AGAIN_MS)
        this.#hold([[redirect.slot, node]])
        if (call.isBound === true) return reply
      }
      await node.reached()
      const calls = redirect.kind === 'ask' ? [ASKING, whole(call)] : [call]
      reply = (await node.connection.run(calls)).at(-1)
      redirect = parseRedirect(reply, node.place)
    }
    return this.#noted(reply)
  }

  /** A node that takes the cluster to be down may be the one that is cut off. */
  #noted(reply: RedisReply): RedisReply {
    if (reply instanceof Error && reply.message.startsWith('CLUSTERDOWN')) this.#lookWithin(AGAIN_MS)
    return reply
  }

  #noHolder(): Error {
    return this.#lastError ?? new Error('some slots are held by no server of the cluster')
  }

  #nodeAt(place: RedisNode): ClusterNode {
    const known = this.#nodes.get(describeNode(place))
    if (known !== undefined) return known
    const { address, secrets, settings, clock } = this.#options
    const options = { ...settings, ...nodeOptions(address, secrets, place) }
    const node = new ClusterNode(place, options, clock, {
      ready: () => this.#tellReady((slot) => this.#holders[slot] === node),
      lost: (error) => {
        if (!this.#masters.has(node)) return
        this.#lookWithin(0)
        this.#owner.lost(error)
      },
      demoted: () => {
        if (this.#masters.has(node)) this.#lookWithin(0)
      },
      exchanged: () => this.#owner.exchanged((key) => this.#holders[slotOf(key)] === node),
      canary: () => this.#canaryOf(node),
    })
    this.#nodes.set(node.name, node)
    return node
  }

  /** What another server holds from now on has to be looked at anew. */
  #hold(slots: Iterable<readonly [number, ClusterNode | undefined]>): void {
    const changed = new Set<number>()
    for (const [slot, node] of slots) {
      if (this.#holders[slot] === node) continue
      this.#holders[slot] = node
      changed.add(slot)
    }
    if (changed.size === 0) return
    const wasCovered = this.#isCovered
    this.#masters = new Set(this.#holders.filter((node) => node !== undefined))
    this.#isCovered = !this.#holders.includes(undefined)
    if (wasCovered && !this.#isCovered) this.#owner.lost(this.#noHolder())
    // of those that are not connected yet is told when they are
    this.#tellReady((slot) => changed.has(slot) && this.#holders[slot]?.connection.isReady === true)
  }

  #tellReady(concerns: (slot: number) => boolean): void {
    if (!this.#isClosed) this.#owner.ready((key) => concerns(slotOf(key)))
  }

  /** The one it had, where it still holds it: another one tells nothing of what was before. */
  #canaryOf(node: ClusterNode): string | undefined {
    const isHeld = (key: string): boolean => this.#holders[slotOf(key)] === node
    if (!this.#masters.has(node)) return undefined
    const before = this.#canaries.get(node)
    if (before !== undefined && isHeld(before)) return before
    for (let part = 0; part < CANARY_PARTS; part += 1) {
      const key = this.#owner.canary(part)
      if (!isHeld(key)) continue
      this.#canaries.set(node, key)
      return key
    }
    return undefined
  }

  #lookWithin(ms: number): void {
    const { clock } = this.#options
    const at = clock.now() + ms
    if (this.#isClosed || at >= this.#lookAt) return
    this.#lookAt = at
    this.#cancelLook()
    this.#cancelLook = clock.after(ms, () => void this.#look())
  }

  /** Never rejects. */
  async #look(): Promise<void> {
    this.#lookAt = Number.POSITIVE_INFINITY
    this.#isOutdated = this.#isLooking
    if (this.#isLooking || this.#isClosed) return
    this.#isLooking = true
    const { view, error } = await scout(this.#nextToAsk())
    this.#isLooking = false
    if (this.#isClosed) return
    this.#lastError = view === undefined ? error : undefined
    if (view !== undefined) this.#take(view)
    this.#lookWithin(this.isReady && !this.#isOutdated ? LOOK_MS : AGAIN_MS)
  }

  /** Those that are connected first; the rest in turns. */
  #nextToAsk(): Parameters<typeof scout>[0] {
    const { address, secrets, settings } = this.#options
    const connected = [...this.#masters].filter(({ connection }) => connection.isReady)
    const over = connected.slice(0, MAX_ASKED / 2).map(({ place, connection }) => ({
      node: place,
      ask: askOver((calls) => connection.run(calls)),
    }))
    if (this.isReady) return over
    const rest = [...this.#places, ...address.nodes].filter(
      (place, index, all) =>
        all.findIndex((one) => describeNode(one) === describeNode(place)) === index &&
        !connected.some(({ name }) => name === describeNode(place)),
    )
    const count = Math.min(rest.length, MAX_ASKED - over.length)
    const chosen = Array.from({ length: count }, (_, index) => rest[(this.#asked + index) % rest.length])
    this.#asked += count
    return [
      ...over,
      ...chosen.flatMap((node) =>
        node === undefined
          ? []
          : { node, ask: askOverNew({ ...settings, ...nodeOptions(address, secrets, node) }) },
      ),
    ]
  }

  #take({ ranges }: ClusterView): void {
    const places = new Map<string, RedisNode>()
    const holders = new Map<number, ClusterNode>()
    for (const { from, to, master, replicas } of ranges) {
      for (const place of [master, ...replicas]) places.set(describeNode(place), place)
      const node = this.#nodeAt(master)
      for (let slot = from; slot <= to; slot += 1) holders.set(slot, node)
    }
    this.#places = [...places.values()]
    this.#hold(this.#holders.map((_, slot) => [slot, holders.get(slot)] as const))
    for (const node of this.#nodes.values()) {
      if (this.#masters.has(node) || node.isBusy) continue
      this.#nodes.delete(node.name)
      this.#closedReconnects += node.connection.reconnects
      node.close()
    }
  }

  #sum(count: (connection: ClusterNode['connection']) => number): number {
    return [...this.#nodes.values()].reduce((sum, { connection }) => sum + count(connection), 0)
  }
}

const ASKING: RedisCall = { command: 'ASKING', args: [] }

/** The first key, or the channel: all others of one call are in the same slot. */
function keyOf({ command, args }: RedisCall): string {
  return String(command === 'EVALSHA' ? args[2] : args[0])
}

/** A script as it is: between ASKING and what is asked nothing else may be said. */
function whole(call: RedisCall): RedisCall {
  const { script, args } = call
  return script === undefined ? call : { command: 'EVAL', args: [script.lua, ...args.slice(1)] }
}
