import type { RedisNode } from './redis-address.ts'
import { countOf, listOf, textOf } from './redis-reply.ts'
import type { RedisReply } from './redis-commands.ts'

/** Parts into which a cluster divides its keys. */
export const SLOTS = 16_384

/** CRC16 as Redis Cluster takes it (XMODEM): the remainder of each byte. */
const REMAINDERS: Uint16Array = Uint16Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte << 8
  for (let bit = 0; bit < 8; bit += 1)
    remainder = (remainder & 0x8000) === 0 ? remainder << 1 : (remainder << 1) ^ 0x1021
  return remainder & 0xffff
})

/**
 * The slot of a key or a channel: only what stands in its first braces counts, where anything does.
 *
 * @example slotOf('{roomful:lobby:updates}:log') === slotOf('roomful:lobby:updates') // true
 * @see https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags
 */
export function slotOf(key: string): number {
  const open = key.indexOf('{')
  const close = open < 0 ? -1 : key.indexOf('}', open + 1)
  const tag = close > open + 1 ? key.slice(open + 1, close) : key
  let crc = 0
  for (const byte of Buffer.from(tag))
    crc = ((crc << 8) ^ (REMAINDERS[((crc >> 8) ^ byte) & 0xff] ?? 0)) & 0xffff
  return crc % SLOTS
}

/** Who holds which slots, as one node of the cluster sees it. */
export interface ClusterView {
  /** The highest epoch that node has heard of: of two views the one with more is the later. */
  readonly epoch: number
  readonly ranges: readonly SlotRange[]
}

/** Slots that follow each other, with their master and what follows it. */
export interface SlotRange {
  readonly from: number
  readonly to: number
  readonly master: RedisNode
  readonly replicas: readonly RedisNode[]
}

/**
 * Reads the answers to CLUSTER SLOTS and CLUSTER INFO; `undefined` where that node takes the cluster to be down.
 *
 * @param asked who answered: a node that announces no host is found where it was asked.
 */
export function parseClusterView(
  slots: RedisReply,
  info: RedisReply,
  asked: RedisNode,
): ClusterView | undefined {
  const state = textOf(info) ?? ''
  if (!/^cluster_state:ok\r?$/m.test(state)) return undefined
  const ranges: SlotRange[] = []
  for (const range of listOf(slots)) {
    const [from, to, ...nodes] = listOf(range)
    const [master, ...replicas] = nodes.map((node) => parseNode(node, asked))
    const [first, last] = [countOf(from), countOf(to)]
    if (first === undefined || last === undefined || last >= SLOTS || master === undefined) continue
    ranges.push({ from: first, to: last, master, replicas: replicas.flatMap((node) => node ?? []) })
  }
  const [, epoch] = /^cluster_current_epoch:(\d+)/m.exec(state) ?? []
  return { epoch: Number(epoch ?? 0), ranges }
}

function parseNode(reply: RedisReply, asked: RedisNode): RedisNode | undefined {
  const [host, port] = listOf(reply)
  const number = countOf(port)
  return number === undefined ? undefined : { host: hostOf(textOf(host), asked), port: number }
}

/** `?` is what a node says of a name that it was told to prefer and does not know. */
function hostOf(host: string | undefined, asked: RedisNode): string {
  return host === undefined || host === '' || host === '?' ? asked.host : host
}

/** Where a node sends us: for good where the slot is another's (`moved`), for once while it is moving there (`ask`). */
export interface Redirect {
  readonly kind: 'moved' | 'ask'
  readonly slot: number
  readonly to: RedisNode
}

/** `undefined` where the answer is none. */
export function parseRedirect(reply: RedisReply, asked: RedisNode): Redirect | undefined {
  if (!(reply instanceof Error)) return undefined
  const [, kind, slot, host, port] = /^(MOVED|ASK) (\d+) (.*):(\d+)$/.exec(reply.message) ?? []
  if (kind === undefined || Number(slot) >= SLOTS) return undefined
  return {
    kind: kind === 'MOVED' ? 'moved' : 'ask',
    slot: Number(slot),
    to: { host: hostOf(host, asked), port: Number(port) },
  }
}
