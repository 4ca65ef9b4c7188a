import * as v from 'valibot'

/** A point of the board's world, both axes 0..1: 0.5/0.5 is its middle on every screen and at every zoom. */
export interface NormalizedCursor {
  readonly x: number
  readonly y: number
}

/** Who a presence entry is: one per tab, `id` is the person's (two tabs of one identity share it). */
export interface PresenceUser {
  readonly id: string
  readonly name: string
  readonly color: string
  readonly colorLight: string
}

/**
 * The rectangle of the board this tab shows, for following: left, top, width and height in the world's 0..1, so that a
 * window of any size can show it whole. Parts outside the world are below 0 or above 1.
 */
export interface PresenceView {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A finger's last tap on the board; `count` tells one tap from the next at the same place. */
export interface PresenceTap extends NormalizedCursor {
  readonly count: number
}

/** Roomful's awareness state. The field `cursor` is left to editor bindings (y-codemirror, y-prosemirror). */
export interface Presence {
  readonly user: PresenceUser
  readonly pointer: NormalizedCursor | null
  readonly typing: boolean
  readonly selection: readonly string[]
  readonly view: PresenceView | null
  readonly status: 'active' | 'idle' | 'away'
  /** What this person is saying at their pointer, letter by letter; empty when nothing. */
  readonly message: string
  /** `user.id` of the person whose view this tab follows. */
  readonly following: string | null
  /** This person chose to show no pointer. */
  readonly hidesPointer: boolean
  readonly tap: PresenceTap | null
}

/** Longest name shown, in UTF-16 units. */
export const MAX_NAME_LENGTH = 28
/** Longest message at a pointer, in UTF-16 units. */
export const MAX_POINTER_MESSAGE_LENGTH = 100
/** Pointer sends: at most one per so many ms; the last one is never lost. */
export const POINTER_INTERVAL_MS = 80
/** "is typing" is sent at most so often … */
export const TYPING_INTERVAL_MS = 2_000
/** … and cleared so long after the last key. */
export const TYPING_CLEAR_MS = 3_000

const unit = v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(1))
const finite = v.pipe(v.number(), v.finite())
const extent = v.pipe(v.number(), v.finite(), v.gtValue(0))
const hexColor = v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}([0-9a-f]{2})?$/i))

const presenceSchema = v.object({
  user: v.object({
    id: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
    name: v.pipe(v.string(), v.transform(cleanName), v.minLength(1)),
    color: hexColor,
    colorLight: v.fallback(hexColor, '#00000033'),
  }),
  pointer: v.fallback(v.nullable(v.object({ x: unit, y: unit })), null),
  typing: v.fallback(v.boolean(), false),
  selection: v.fallback(v.pipe(v.array(v.pipe(v.string(), v.maxLength(64))), v.maxLength(100)), []),
  view: v.fallback(v.nullable(v.object({ x: finite, y: finite, width: extent, height: extent })), null),
  status: v.fallback(v.picklist(['active', 'idle', 'away']), 'active'),
  message: v.fallback(v.pipe(v.string(), v.maxLength(MAX_POINTER_MESSAGE_LENGTH)), ''),
  following: v.fallback(v.nullable(v.pipe(v.string(), v.maxLength(64))), null),
  hidesPointer: v.fallback(v.boolean(), false),
  tap: v.fallback(v.nullable(v.object({ x: unit, y: unit, count: finite })), null),
})

/**
 * Parses an awareness state of anybody. Other editors' fields are ignored; a state without a usable `user` is `undefined`.
 *
 * @example parsePresence(awareness.getStates().get(id))?.user.name
 */
export function parsePresence(state: unknown): Presence | undefined {
  const result = v.safeParse(presenceSchema, state)
  return result.success ? result.output : undefined
}

/**
 * Makes a name fit to show: control, bidi-override and line characters out, white space folded, at most
 * {@link MAX_NAME_LENGTH} units without cutting a surrogate pair. Markup needs no care: names are only ever set as text.
 */
export function cleanName(name: string): string {
  const folded = name
    // first: tabs and line ends are control characters too, but they separate words
    .replace(/\s/g, ' ')
    .replace(/[\p{Cc}\u061C\u200B\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF]/gu, '')
    .replace(/ +/g, ' ')
    .trim()
  let cut = ''
  for (const character of folded) {
    if (cut.length + character.length > MAX_NAME_LENGTH) break
    cut += character
  }
  return cut.trim()
}
