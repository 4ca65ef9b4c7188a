import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'

/** An update of many bytes that costs its reader more than its length says. */
export interface LargeUpdate {
  readonly name: string
  /** About so many bytes. */
  readonly make: (bytes: number) => Uint8Array
  /** What becomes of its sender: taken, closed with this code, or refused for a count. */
  readonly outcome: 'taken' | 'refused' | 'full'
}

const KIND = { gc: 0, deleted: 1, json: 2, string: 4, embed: 5, any: 8 } as const
const CLIENT = 4_000_000_000

function section(
  encoder: encoding.Encoder,
  structs: number,
  client: number,
  write: (encoder: encoding.Encoder) => void,
): void {
  encoding.writeVarUint(encoder, structs)
  encoding.writeVarUint(encoder, client)
  encoding.writeVarUint(encoder, 0)
  write(encoder)
}

/** One struct at the end of the root `note`, or of another root. */
function head(encoder: encoding.Encoder, kind: number, root = 'note'): void {
  encoding.writeUint8(encoder, kind)
  encoding.writeVarUint(encoder, 1)
  encoding.writeVarString(encoder, root)
}

function single(write: (encoder: encoding.Encoder) => void): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, 1)
    section(encoder, 1, CLIENT, write)
    encoding.writeVarUint(encoder, 0)
  })
}

/** Structs of two bytes. */
function collected(bytes: number): Uint8Array {
  const structs = Math.floor(bytes / 2)
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, 1)
    section(encoder, structs, CLIENT, (to) => {
      const pair = Uint8Array.of(KIND.gc, 1)
      for (let i = 0; i < structs; i++) encoding.writeUint8Array(to, pair)
    })
    encoding.writeVarUint(encoder, 0)
  })
}

/** A section each for so many clients that nobody has heard of. */
export function newClients(count: number, firstId = 1): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, count)
    for (let i = 0; i < count; i++)
      section(encoder, 1, firstId + ((i * 7_919) % count), (to) => {
        head(to, KIND.deleted)
        encoding.writeVarUint(to, 1)
      })
    encoding.writeVarUint(encoder, 0)
  })
}

/** Sections that wait for each other in turn: each struct builds on the last one of the client before. */
function lockStep(bytes: number): Uint8Array {
  const clients = 1_000
  const each = Math.max(1, Math.floor(bytes / (11 * clients)))
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, clients)
    for (let client = clients; client > 0; client--)
      section(encoder, each, client, (to) => {
        for (let clock = 0; clock < each; clock++) {
          const first = clock === 0 && client === 1
          if (first) head(to, KIND.string)
          else {
            encoding.writeUint8(to, KIND.string | 0x80)
            encoding.writeVarUint(to, client === 1 ? clients : client - 1)
            encoding.writeVarUint(to, client === 1 ? clock - 1 : clock)
          }
          encoding.writeVarString(to, 'x')
        }
      })
    encoding.writeVarUint(encoder, 0)
  })
}

/** Behind a gap: all of it waits for what never comes. */
function behindGap(bytes: number): Uint8Array {
  const structs = Math.floor(bytes / 12)
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, 1)
    encoding.writeVarUint(encoder, structs)
    encoding.writeVarUint(encoder, CLIENT)
    encoding.writeVarUint(encoder, 5)
    for (let i = 0; i < structs; i++) {
      head(encoder, KIND.string)
      encoding.writeVarString(encoder, 'xy')
    }
    encoding.writeVarUint(encoder, 0)
  })
}

/** Every second unit of a text deleted. */
function holes(bytes: number): Uint8Array {
  const ranges = Math.floor(bytes / 6)
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, 1)
    section(encoder, 1, CLIENT, (to) => {
      head(to, KIND.string)
      encoding.writeVarString(to, 'x'.repeat(2 * ranges))
    })
    encoding.writeVarUint(encoder, 1)
    encoding.writeVarUint(encoder, CLIENT)
    encoding.writeVarUint(encoder, ranges)
    for (let i = 0; i < ranges; i++) {
      encoding.writeVarUint(encoder, 2 * i)
      encoding.writeVarUint(encoder, 1)
    }
  })
}

/** A text as an editor pastes it. */
export function pasted(bytes: number): Uint8Array {
  const doc = new Y.Doc()
  doc
    .getText('note')
    .insert(0, 'Ein Satz, wie man ihn schreibt, mit Umlauten äöü. '.repeat(Math.ceil(bytes / 53)))
  return Y.encodeStateAsUpdate(doc)
}

/** A document of many small pieces, as years of writing leave it. */
export function worn(bytes: number): Uint8Array {
  const doc = new Y.Doc()
  const note = doc.getText('note')
  const rows = Math.ceil(bytes / 56)
  doc.transact(() => {
    for (let i = 0; i < rows; i++) note.insert(i % 3 === 0 ? 0 : note.length, `${i} `, { bold: i % 2 === 0 })
  })
  return Y.encodeStateAsUpdate(doc)
}

/** What is large: hostile and honest. */
export const LARGE_UPDATES: readonly LargeUpdate[] = [
  { name: 'structs of two bytes', make: collected, outcome: 'full' },
  {
    name: 'clients nobody has heard of',
    make: (bytes) => newClients(Math.floor(bytes / 13)),
    outcome: 'full',
  },
  { name: 'a thousand clients in lock-step', make: lockStep, outcome: 'taken' },
  { name: 'structs behind a gap', make: behindGap, outcome: 'taken' },
  { name: 'every second unit deleted', make: holes, outcome: 'full' },
  {
    name: 'one value of many small ones',
    make: (bytes) =>
      single((to) => {
        head(to, KIND.any)
        encoding.writeVarUint(to, Math.floor(bytes / 2))
        const one = Uint8Array.of(125, 1)
        for (let i = 0; i < Math.floor(bytes / 2); i++) encoding.writeUint8Array(to, one)
      }),
    outcome: 'taken',
  },
  {
    name: 'one embed of long JSON',
    make: (bytes) =>
      single((to) => {
        head(to, KIND.embed)
        encoding.writeVarString(to, `[${'1,'.repeat(Math.floor(bytes / 2))}1]`)
      }),
    outcome: 'taken',
  },
  {
    name: 'JSON whose keys are all escaped',
    make: (bytes) =>
      single((to) => {
        head(to, KIND.embed)
        encoding.writeVarString(to, `{${String.raw`"\u0061":1,`.repeat(Math.floor(bytes / 11))}"b":1}`)
      }),
    outcome: 'taken',
  },
  {
    name: 'long names of roots',
    make: (bytes) => {
      const structs = Math.floor(bytes / 1_008)
      return encoding.encode((encoder) => {
        encoding.writeVarUint(encoder, 1)
        section(encoder, structs, CLIENT, (to) => {
          for (let i = 0; i < structs; i++) {
            head(to, KIND.string, 'ä'.repeat(500))
            encoding.writeVarString(to, 'x')
          }
        })
        encoding.writeVarUint(encoder, 0)
      })
    },
    outcome: 'taken',
  },
  { name: 'a pasted text', make: pasted, outcome: 'taken' },
  { name: 'a worn document', make: worn, outcome: 'taken' },
]
