import { fieldsOf, isFinite, isOneOf, isText } from './guards.ts'
import { clampColor, IDENTITY_COLORS } from './identity-color.ts'

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

const HEX_COLOR = /^#[0-9a-f]{6}([0-9a-f]{2})?$/i
const STATUSES = ['active', 'idle', 'away'] as const
/** More selected things than this are not shown. */
const MAX_SELECTION = 100
const MAX_ID_LENGTH = 64

/**
 * Parses an awareness state of anybody. Other editors' fields are ignored; a state without a usable `user` is `undefined`.
 *
 * @param clientId whose state it is, where stock clients count too: they write `user: {name, color}` without an id and with
 *   any colour CSS knows. Each of their connections is somebody, `client-<clientId>`.
 * @example parsePresence(awareness.getStates().get(id), id)?.user.name
 */
export function parsePresence(state: unknown, clientId?: number): Presence | undefined {
  const {
    user: who,
    pointer,
    typing,
    selection,
    view,
    status,
    message,
    following,
    hidesPointer,
    tap,
  } = fieldsOf(state)
  const user = parseUser(who, clientId)
  return (
    user && {
      user,
      pointer: parsePointer(pointer),
      typing: typing === true,
      selection: isSelection(selection) ? selection : [],
      view: parseView(view),
      status: isOneOf(STATUSES, status) ? status : 'active',
      message: isText(message, 0, MAX_POINTER_MESSAGE_LENGTH) ? message : '',
      following: isText(following, 0, MAX_ID_LENGTH) ? following : null,
      hidesPointer: hidesPointer === true,
      tap: parseTap(tap),
    }
  )
}

function parseUser(value: unknown, clientId: number | undefined): PresenceUser | undefined {
  const { id: given, name: text, color: chosen, colorLight } = fieldsOf(value)
  const name = isText(text) ? cleanName(text) : ''
  const isKnown = clientId !== undefined
  const id = given || !isKnown ? given : `client-${clientId}`
  const color = isColor(chosen) || !isKnown ? chosen : IDENTITY_COLORS[clientId % IDENTITY_COLORS.length]
  return isText(id, 1, MAX_ID_LENGTH) && name !== '' && isColor(color)
    ? { id, name, color: clampColor(color), colorLight: isColor(colorLight) ? colorLight : '#00000033' }
    : undefined
}

/** A point inside the world; `null` for anything else. */
export function parsePointer(value: unknown): NormalizedCursor | null {
  const { x, y } = fieldsOf(value)
  return isUnit(x) && isUnit(y) ? { x, y } : null
}

/** A rectangle with an extent, wherever it lies; `null` for anything else. */
export function parseView(value: unknown): PresenceView | null {
  const { x, y, width, height } = fieldsOf(value)
  return isFinite(x) && isFinite(y) && isFinite(width) && isFinite(height) && width > 0 && height > 0
    ? { x, y, width, height }
    : null
}

function parseTap(value: unknown): PresenceTap | null {
  const point = parsePointer(value)
  const { count } = fieldsOf(value)
  return point && isFinite(count) ? { ...point, count } : null
}

function isSelection(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) && value.length <= MAX_SELECTION && value.every((id) => isText(id, 0, MAX_ID_LENGTH))
  )
}

function isUnit(value: unknown): value is number {
  return isFinite(value) && value >= 0 && value <= 1
}

function isColor(value: unknown): value is string {
  return isText(value) && HEX_COLOR.test(value)
}

/**
 * Makes a name fit to show: control, bidi-override and line characters out, white space folded, at most
 * {@link MAX_NAME_LENGTH} units without cutting a surrogate pair. Markup needs no care: names are only ever set as text.
 */
export function cleanName(name: string): string {
  const folded = name
    // tabs and line ends are control characters too, but they separate words
    .replace(/(?!\s)[\p{Cc}\p{Bidi_C}\u200B\u2060]/gu, '')
    .replace(/\s+/g, ' ')
    .trim()
  let cut = ''
  for (const character of folded) {
    if (cut.length + character.length > MAX_NAME_LENGTH) break
    cut += character
  }
  return cut.trim()
}
