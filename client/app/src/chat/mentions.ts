/** A piece of a text; `name` where it mentions somebody. */
export interface MentionPiece {
  readonly at: number
  readonly text: string
  readonly name: string | undefined
}

/** Letters, digits and the like: where one goes on, no name has ended. */
const WORD = /[\p{L}\p{N}_]/u
/** As long as a name can be. */
const MAX_QUERY_LENGTH = 28

/**
 * Cuts a text at the mentions of known names, `@Calm Heron`: the longest name that fits, whatever its case. All pieces
 * together are the text.
 */
export function mentionPieces(text: string, names: readonly string[]): readonly MentionPiece[] {
  const pieces: MentionPiece[] = []
  let plain = 0
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const name = nameAt(text, at, names)
    if (name === undefined) continue
    if (at > plain) pieces.push({ at: plain, text: text.slice(plain, at), name: undefined })
    const end = at + 1 + name.length
    pieces.push({ at, text: text.slice(at, end), name })
    plain = end
    at = end - 1
  }
  if (plain < text.length) pieces.push({ at: plain, text: text.slice(plain), name: undefined })
  return pieces
}

/** Whether a text mentions this name. */
export function isMentioned(text: string, name: string): boolean {
  return mentionPieces(text, [name]).some((piece) => piece.name !== undefined)
}

/** What is being written behind an `@` right before the caret. */
export interface MentionQuery {
  /** Where the `@` is. */
  readonly at: number
  readonly query: string
}

/** @example mentionQuery('hello @ca', 9) // { at: 6, query: 'ca' } */
export function mentionQuery(text: string, caret: number): MentionQuery | undefined {
  const at = text.lastIndexOf('@', caret - 1)
  if (caret === 0 || at < 0 || caret - at - 1 > MAX_QUERY_LENGTH) return undefined
  if (at > 0 && WORD.test(text.charAt(at - 1))) return undefined
  const query = text.slice(at + 1, caret)
  return /[\n@]/.test(query) ? undefined : { at, query }
}

/** Whether a name, or one of its words, begins with what was written. */
export function matchesQuery(name: string, query: string): boolean {
  const lower = name.toLowerCase()
  const wanted = query.toLowerCase()
  return lower.startsWith(wanted) || lower.split(' ').some((word) => word.startsWith(wanted))
}

function nameAt(text: string, at: number, names: readonly string[]): string | undefined {
  if (at > 0 && WORD.test(text.charAt(at - 1))) return undefined
  let longest: string | undefined
  for (const name of names) {
    if (name.length <= (longest?.length ?? 0)) continue
    const end = at + 1 + name.length
    if (text.slice(at + 1, end).toLowerCase() !== name.toLowerCase()) continue
    if (!WORD.test(text.charAt(end))) longest = name
  }
  return longest
}
