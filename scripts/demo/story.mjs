/** The people of the demo: colours are the app's identity colours. */
export const CAST = /** @type {const} */ ([
  { name: 'Quiet Fox', color: '#1c75d6' },
  { name: 'Calm Heron', color: '#ca4459' },
  { name: 'Bold Lynx', color: '#00855f' },
  { name: 'Merry Crane', color: '#9f55be' },
  { name: 'Sunny Wren', color: '#c45000' },
  { name: 'Brave Mole', color: '#7f7700' },
  { name: 'Gentle Hare', color: '#008282' },
  { name: 'Lively Finch', color: '#be4992' },
])

/** The part of the board they work on, board units: one screen at a readable size. */
export const DESK = /** @type {const} */ ({ left: 1_440, top: 900, width: 1_120, height: 700 })

/** A card of the demo, board units: four lines of text and a title. */
export const CARD_SIZE = /** @type {const} */ ([240, 180])

/** What lies on the desk when the demo begins: left and top on the desk. */
export const CARDS = /** @type {const} */ ([
  {
    x: 20,
    y: 40,
    color: 'sand',
    text: 'Onboarding is too long\nSeven screens before the first room. What if the room is the first screen?',
  },
  {
    x: 400,
    y: 0,
    color: 'sky',
    text: 'Name the moment\nPeople say “oh, you are here too”. That is the product.',
  },
  {
    x: 820,
    y: 70,
    color: 'lilac',
    text: 'Empty states\nAn empty room should feel like a table set for guests, not like an error.',
  },
  { x: 440, y: 270, color: 'mint', text: 'Offline first\nEdit on the train, merge at the station.' },
  { x: 60, y: 350, color: 'rose', text: 'Cursor fatigue?\nFade after 3 s, hide after 60.' },
  { x: 800, y: 380, color: 'paper', text: 'Decision\nWe ship it. Reactions wait for the next round.' },
])

/** What somebody adds to a card. */
export const AFTERTHOUGHTS = [
  ' Worth a test with five people.',
  ' Who takes this?',
  ' I like the second half.',
  ' Let us try it on Thursday.',
  ' Smaller first.',
  ' See the recording.',
  ' Agreed.',
]

/** What somebody says at their pointer. */
export const ASIDES = ['love this one', 'hm', 'this one first?', 'oh, nice', 'and here?', 'yes!']

/** New cards. */
export const IDEAS = /** @type {const} */ ([
  { color: 'sky', text: 'Follow me\nOne click on a face, and you see what they see.' },
  { color: 'mint', text: 'Saved means saved\nThe word appears when the disk has it.' },
  { color: 'sand', text: 'Ask a guest\nWhat did they try to click first?' },
  { color: 'lilac', text: 'Quiet by default\nNo sound, no bounce, no badge without a person behind it.' },
])

/** The note, line by line. */
export const NOTE_LINES = [
  '# Design review\n',
  '\n',
  '- The room is the first screen\n',
  '- Cursors fade after three seconds\n',
  '- **Offline** is a state, not an error\n',
  '- Names before numbers\n',
  '\n',
  'Next: a walk through with two guests.\n',
]

/** Conversations: who (by place in the cast) says what. */
export const DIALOGUES = [
  [
    [1, 'Morning! I moved the onboarding cards to the left.'],
    [1, 'Shout if that breaks your flow.'],
    [2, 'All good. I was on the train, my edits just merged.'],
    [0, 'Perfect, nothing lost. Shall we decide on cursor chat?'],
    [3, 'Yes. Short ones, gone after a moment.'],
  ],
  [
    [4, 'Is anybody typing in “Offline first”? I have half a sentence there.'],
    [0, 'Me too, just keep going, both stay.'],
    [4, 'Oh nice.'],
  ],
  [
    [3, 'I put the empty states beside the decision.'],
    [2, 'Looks right. Can we make the hint shorter?'],
    [1, 'Done.'],
  ],
  [
    [0, 'Five minutes, then we write it down in the note?'],
    [2, 'The note has it already.'],
    [4, 'Then I only fix the spelling.'],
  ],
]

/** What somebody says to a guest who has just come. `{name}` is the guest. */
export const WELCOMES = [
  'Hi {name}, welcome!',
  'Hello {name}, take a card.',
  'Hey {name}, good that you are here.',
]

/** What somebody answers a guest who has written. */
export const ANSWERS = [
  'Good point.',
  'I would not have thought of that.',
  'Can you put that on a card?',
  'Yes, let us do that.',
  'Tell us more?',
  'That is what I meant with the sand card.',
]
