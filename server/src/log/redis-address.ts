import { assertNever } from '../assert-never.ts'

/** A server, a node of a cluster or a Sentinel, that listens. */
export interface RedisNode {
  readonly host: string
  readonly port: number
}

/** What stands at an address. */
export type RedisLayout =
  | { readonly kind: 'single' }
  /** `name`: what the Sentinels call it. */
  | { readonly kind: 'sentinels'; readonly name: string }
  | { readonly kind: 'cluster' }

/** Where Redis is, and as whom we come. */
export interface RedisAddress {
  readonly layout: RedisLayout
  /** The one Redis, the Sentinels that know which one it is, or some nodes of the cluster that know the others. */
  readonly nodes: readonly [RedisNode, ...RedisNode[]]
  readonly username: string | undefined
  readonly password: string | undefined
  readonly db: number
  readonly isTls: boolean
}

const DEFAULT_PORT = 6_379
const SENTINEL_PORT = 26_379

/** `redis://` or `rediss://`, with `+sentinel` or `+cluster` where such are named; person, nodes, path. */
const FORM = /^redis(s?)(?:\+(sentinel|cluster))?:\/\/(?:([^@/]*)@)?([^/@?#]+)(?:\/([^?#]*))?$/

/** What {@link parseRedisAddress} takes, for messages. */
export const REDIS_ADDRESS_FORMS =
  'redis://host:port, rediss://host:port, redis+sentinel://host:26379,host:26379/name or redis+cluster://host:port,host:port'

/**
 * Reads an address: `redis://user:password@host:port/db`; with Sentinels
 * `redis+sentinel://user:password@host:port,host:port/name/db`, in which user and password are those of Redis; of a cluster
 * `redis+cluster://user:password@host:port,host:port`, for which any of its nodes will do. TLS: `rediss`.
 *
 * @returns `undefined` where it is none.
 * @example parseRedisAddress('redis+sentinel://10.0.0.1,10.0.0.2/mymaster')?.layout // { kind: 'sentinels', name: 'mymaster' }
 */
export function parseRedisAddress(text: string): RedisAddress | undefined {
  const [, tls, several, person = '', hosts = '', path = ''] = FORM.exec(text) ?? []
  if (tls === undefined) return undefined
  const [first, ...others] = hosts.split(',').map((host) => parseNode(host, several === 'sentinel'))
  if (first === undefined || others.includes(undefined)) return undefined
  if (several === undefined && others.length > 0) return undefined
  const parts = path === '' ? [] : path.split('/')
  const layout = layoutOf(several, parts)
  const [dbText = '0', ...rest] = parts
  const db = Number(dbText)
  const isUsable = rest.length === 0 && dbText !== '' && Number.isSafeInteger(db) && db >= 0
  const who = credentials(person)
  if (!isUsable || who === undefined || layout === undefined) return undefined
  return {
    layout,
    nodes: [first, ...others.filter((node) => node !== undefined)],
    ...who,
    db,
    isTls: tls === 's',
  }
}

/** @param parts of the path; the name is taken out. */
function layoutOf(several: string | undefined, parts: string[]): RedisLayout | undefined {
  if (several === undefined) return { kind: 'single' }
  if (several === 'cluster') return { kind: 'cluster' }
  const name = parts.shift() ?? ''
  return name === '' ? undefined : { kind: 'sentinels', name }
}

/** Why an address that can be read leads nowhere, and what to do; `undefined` where it may lead somewhere. */
export function addressTrouble({ layout, db }: RedisAddress): string | undefined {
  return layout.kind === 'cluster' && db !== 0
    ? `a cluster has no database but 0: leave out the /${db}, or give a single Redis`
    : undefined
}

/**
 * As {@link parseRedisAddress}.
 *
 * @throws TypeError where it is none, or leads nowhere; the text, in which a password may stand, is not in the message.
 */
export function redisAddress(text: string): RedisAddress {
  const address = parseRedisAddress(text)
  if (address === undefined) throw new TypeError(`not the address of a Redis: give ${REDIS_ADDRESS_FORMS}`)
  const trouble = addressTrouble(address)
  if (trouble !== undefined) throw new TypeError(trouble)
  return address
}

/** What may be shown of an address: no password. */
export function describeAddress({ nodes, layout }: RedisAddress): string {
  const places = nodes.map(describeNode).join(',')
  switch (layout.kind) {
    case 'single':
      return places
    case 'sentinels':
      return `${layout.name} (Sentinels ${places})`
    case 'cluster':
      return `${places} (Cluster)`
    default:
      return assertNever(layout)
  }
}

/** `host:port` */
export function describeNode({ host, port }: RedisNode): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

function parseNode(text: string, isSentinel: boolean): RedisNode | undefined {
  try {
    // what a host and a port may be is the platform's to say
    const { hostname, port, pathname, username } = new URL(`redis://${text}`)
    if (hostname === '' || pathname !== '' || username !== '') return undefined
    const byDefault = isSentinel ? SENTINEL_PORT : DEFAULT_PORT
    return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? byDefault : Number(port) }
  } catch {
    // TypeError: no URL
    return undefined
  }
}

function credentials(person: string): Pick<RedisAddress, 'username' | 'password'> | undefined {
  const colon = person.indexOf(':')
  const [name, secret] = colon < 0 ? [person, ''] : [person.slice(0, colon), person.slice(colon + 1)]
  try {
    const [username, password] = [decodeURIComponent(name), decodeURIComponent(secret)]
    return { username: username || undefined, password: password || undefined }
  } catch {
    // URIError: a lone %
    return undefined
  }
}
