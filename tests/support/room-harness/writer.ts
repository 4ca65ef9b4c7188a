import { encodeSyncStep1, encodeSyncStep2, encodeUpdate } from '@roomful/shared'
import * as Y from 'yjs'

/** Somebody who edits a document of their own; every edit is kept as the update a client would send. */
export class Writer {
  readonly doc = new Y.Doc()
  readonly updates: Uint8Array[] = []

  constructor(clientID: number) {
    this.doc.clientID = clientID
    this.doc.on('update', (update: Uint8Array) => this.updates.push(update))
  }

  /** Types at the end of the note. @returns the update. */
  type(text: string): Uint8Array {
    const note = this.doc.getText('note')
    note.insert(note.length, text)
    return this.last()
  }

  delete(index: number, length: number): Uint8Array {
    this.doc.getText('note').delete(index, length)
    return this.last()
  }

  apply(update: Uint8Array): void {
    Y.applyUpdate(this.doc, update)
  }

  last(): Uint8Array {
    const update = this.updates.at(-1)
    if (update === undefined) throw new Error('nothing was written')
    return update
  }

  /** The frame of an update. */
  frame(text: string): Uint8Array {
    return encodeUpdate(this.type(text))
  }

  /** This client's first message. */
  step1(): Uint8Array {
    return encodeSyncStep1(Y.encodeStateVector(this.doc))
  }

  /** This client's answer to a SyncStep1 of the room. */
  step2(stateVector: Uint8Array = Uint8Array.of(0)): Uint8Array {
    return encodeSyncStep2(Y.encodeStateAsUpdate(this.doc, stateVector))
  }

  get text(): string {
    return this.doc.getText('note').toJSON()
  }
}

/** The note of a document given as one update. */
export function noteOf(update: Uint8Array): string {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, update)
  return doc.getText('note').toJSON()
}
