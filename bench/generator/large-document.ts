import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as Y from 'yjs'
import { copyOf } from './copy-of.ts'
import { TEXT } from './typing.ts'

/** Keystrokes at random places of one text, by one writer: about 1.9 MB. */
const EDITS = 100_000
const FOLDER = join(import.meta.dirname, '..', 'results', 'tmp')

/**
 * A document of about `parts` x 1.9 MB as one update per writer, the same every time; kept on disk, for the large ones take a while.
 */
export function largeDocument(parts: number, edits = EDITS): readonly Uint8Array[] {
  return Array.from({ length: parts }, (_none, part) => {
    const path = join(FOLDER, `document-${edits}-${part}.bin`)
    try {
      const kept = readFileSync(path)
      return copyOf(kept, 0, kept.length)
    } catch {
      // not made yet
      const made = makePart(part, edits)
      mkdirSync(FOLDER, { recursive: true })
      writeFileSync(path, made)
      return made
    }
  })
}

function makePart(part: number, edits: number): Uint8Array {
  const doc = new Y.Doc()
  doc.clientID = 0x3000_0000 + part
  const text = doc.getText(TEXT)
  let seed = part + 1
  doc.transact(() => {
    for (let i = 0; i < edits; i += 1) {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
      text.insert(seed % (text.length + 1), 'ab')
    }
  })
  return Y.encodeStateAsUpdate(doc)
}
