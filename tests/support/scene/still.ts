import type { CardColor } from '@roomful/shared'

/**
 * The room everybody knows from the first picture of it, as data: cards, people, what they say. Places are in the still's
 * own pixels; {@link place} takes them to the board.
 */

interface StillCard {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly color: CardColor
  readonly text: string
}

/** Somebody in the room. */
export interface StillPerson {
  /** Seeds the face: the name, as in the still. */
  readonly id: string
  readonly name: string
  readonly color: string
  /** Where their pointer is, where it is on the board. */
  readonly at?: readonly [number, number]
}

/** Board units in one pixel of the still: its 86 %, drawn 1.12 times as large. */
const UNITS = 1.12 / 0.86
/** The still's corner on the board. */
const ORIGIN = [1_450, 930] as const

/** A place of the still in board units. */
export function place(x: number, y: number): readonly [number, number] {
  return [Math.round(ORIGIN[0] + x * UNITS), Math.round(ORIGIN[1] + y * UNITS)]
}

/** A length of the still in board units. */
export function length(px: number): number {
  return Math.round(px * UNITS)
}

export const CARDS: readonly StillCard[] = [
  {
    x: 90,
    y: 96,
    width: 220,
    height: 128,
    color: 'sand',
    text: 'Onboarding is too long\nSeven screens before the first room. What if the room *is* the first screen?',
  },
  {
    x: 340,
    y: 62,
    width: 236,
    height: 120,
    color: 'sky',
    text: 'Name the moment\nPeople say “oh, you are here too”. That is the product.',
  },
  {
    x: 366,
    y: 232,
    width: 214,
    height: 148,
    color: 'mint',
    text: 'Offline first\nEdit on the train, merge at the station.\n\n☑ cards  ☑ chat  ☐ files',
  },
  {
    x: 122,
    y: 284,
    width: 206,
    height: 118,
    color: 'rose',
    text: 'Cursor fatigue?\nFade after 3 s, hide after 60. Follow only by consent.',
  },
  {
    x: 640,
    y: 120,
    width: 224,
    height: 152,
    color: 'lilac',
    text: 'Empty states\nAn empty room should feel like a table set for guests, not like an error.',
  },
  {
    x: 622,
    y: 324,
    width: 250,
    height: 132,
    color: 'paper',
    text: 'Decision\nWe ship cursor chat behind `/`. Reactions wait for the next round.',
  },
]

/** The card somebody else has selected, by its place in {@link CARDS}. */
export const SELECTED_CARD = 1

export const SELF: StillPerson = { id: 'Swift Otter', name: 'Swift Otter', color: '#7264d7' }

export const FOX: StillPerson = { id: 'Quiet Fox', name: 'Quiet Fox', color: '#1c75d6', at: [669, 218] }
export const HERON: StillPerson = { id: 'Calm Heron', name: 'Calm Heron', color: '#ca4459', at: [362, 509] }
export const LYNX: StillPerson = { id: 'Bold Lynx', name: 'Bold Lynx', color: '#00855f', at: [866, 493] }
export const CRANE: StillPerson = { id: 'Merry Crane', name: 'Merry Crane', color: '#9f55be', at: [197, 267] }
/** Here, and not on the board. */
export const QUIET: readonly StillPerson[] = [
  { id: 'Sunny Wren', name: 'Sunny Wren', color: '#c45000' },
  { id: 'Tidy Vole', name: 'Tidy Vole', color: '#008282' },
  { id: 'Witty Seal', name: 'Witty Seal', color: '#7f7700' },
]

/** What was said before the picture, minutes ago; then {@link CRANE} joined. */
export const EARLIER: readonly {
  readonly by: StillPerson
  readonly minutesAgo: number
  readonly text: string
}[] = [
  { by: HERON, minutesAgo: 6, text: 'Morning! I moved the onboarding cards to the left.' },
  { by: HERON, minutesAgo: 6, text: 'Shout if that breaks your flow.' },
  { by: LYNX, minutesAgo: 4, text: 'All good. I was on the train, my edits just merged.' },
]

/** And what was said after it. */
export const LATER: readonly { readonly by: StillPerson; readonly text: string }[] = [
  { by: SELF, text: 'Perfect, nothing lost. Let’s decide on cursor chat?' },
  { by: FOX, text: 'Yes. https://example.org/review-8f2 has the recording.' },
  { by: FOX, text: '@Swift Otter can you drive?' },
]

export const SAID_AT_CURSOR = 'love this one'

export const NOTE = `# Design review

- The room is the first screen
- Cursors fade after three seconds
- **Offline** is a state, not an error
- Names before numbers

Next: a walk through with two guests.
`
