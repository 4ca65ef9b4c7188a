/** What the hash of a room's address can point at: `#m=<message id>` or `#c=<card id>`. */
export interface LinkTarget {
  readonly kind: 'message' | 'card'
  readonly id: string
}

const KEYS: Readonly<Record<LinkTarget['kind'], string>> = { message: 'm', card: 'c' }
/** Longer than any id we make; foreign hashes are nothing to search for. */
const MAX_ID_LENGTH = 64

/** @example parseLinkTarget('#m=8f2') // { kind: 'message', id: '8f2' } */
export function parseLinkTarget(hash: string): LinkTarget | undefined {
  const match = /^#([mc])=(.+)$/.exec(hash)
  const key = match?.[1]
  const id = decode(match?.[2] ?? '')
  if (key === undefined || id === undefined || id === '' || id.length > MAX_ID_LENGTH) return undefined
  return { kind: key === KEYS.message ? 'message' : 'card', id }
}

/** @example linkHash({ kind: 'card', id: '8f2' }) // '#c=8f2' */
export function linkHash({ kind, id }: LinkTarget): string {
  return `#${KEYS[kind]}=${encodeURIComponent(id)}`
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    // URIError: a stray per cent sign, so no link of ours
    return undefined
  }
}
