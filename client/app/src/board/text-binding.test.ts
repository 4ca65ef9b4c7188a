import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { bindText, type TextField } from './text-binding.ts'

/** A textarea without a page. */
class Field extends EventTarget implements TextField {
  value = ''
  selectionStart = 0
  selectionEnd = 0
  readonly selectionDirection = 'none'

  setSelectionRange(start: number, end: number): void {
    this.selectionStart = start
    this.selectionEnd = end
  }

  /** What a browser does for a key: the text goes in at the caret, then `input`. */
  type(text: string): void {
    this.value = this.value.slice(0, this.selectionStart) + text + this.value.slice(this.selectionEnd)
    this.selectionStart = this.selectionEnd = this.selectionStart + text.length
    this.dispatchEvent(new Event('input'))
  }
}

const LOCAL = { kind: 'local' }

function setUp(content: string): { field: Field; text: Y.Text; remote: Y.Text; unbind: () => void } {
  const doc = new Y.Doc()
  const theirs = new Y.Doc()
  const text = doc.getText()
  const remote = theirs.getText()
  text.insert(0, content)
  Y.applyUpdate(theirs, Y.encodeStateAsUpdate(doc))
  doc.on('update', (update: Uint8Array, origin: unknown) => {
    if (origin !== 'remote') Y.applyUpdate(theirs, update, 'remote')
  })
  theirs.on('update', (update: Uint8Array, origin: unknown) => {
    if (origin !== 'remote') Y.applyUpdate(doc, update, 'remote')
  })
  const field = new Field()
  return { field, text, remote, unbind: bindText(field, text, LOCAL) }
}

describe('a shared text in a textarea', () => {
  test('[U52] two people type at once: both texts survive, in both places', () => {
    const { field, text, remote } = setUp('Hello world')
    field.setSelectionRange(5, 5)
    field.type(',')
    remote.insert(remote.length, '!')
    field.type(' dear')
    expect(field.value).toBe('Hello, dear world!')
    expect(text.toString()).toBe(field.value)
    expect(remote.toString()).toBe(field.value)
  })

  test('the caret stays where it was in the text', () => {
    const { field, remote } = setUp('one two three')
    field.setSelectionRange(4, 7)
    remote.insert(0, '>> ')
    expect(field.value.slice(field.selectionStart, field.selectionEnd)).toBe('two')
    remote.delete(0, 7)
    expect(field.value.slice(field.selectionStart, field.selectionEnd)).toBe('two')
  })

  test('local edits carry the origin that undo tracks', () => {
    const { field, text } = setUp('')
    const history = new Y.UndoManager(text, { trackedOrigins: new Set([LOCAL]) })
    field.type('mine')
    history.undo()
    expect(field.value).toBe('')
    expect(text.toString()).toBe('')
  })

  test('[U20] while an input method composes, remote text waits and the commit lands where its place has moved to', () => {
    const { field, text, remote } = setUp('ab')
    field.setSelectionRange(1, 1)
    field.dispatchEvent(new Event('compositionstart'))
    field.type('k')
    remote.insert(0, 'XX')
    expect(field.value).toBe('akb')
    field.value = 'aかb'
    field.setSelectionRange(2, 2)
    field.dispatchEvent(new Event('input'))
    expect(text.toString()).toBe('XXab')
    field.dispatchEvent(new Event('compositionend'))
    expect(field.value).toBe('XXaかb')
    expect(text.toString()).toBe('XXaかb')
    expect(remote.toString()).toBe('XXaかb')
    expect(field.selectionStart).toBe(4)
  })

  test('unbinding commits an open composition and then leaves both alone', () => {
    const { field, text, remote, unbind } = setUp('a')
    field.setSelectionRange(1, 1)
    field.dispatchEvent(new Event('compositionstart'))
    field.type('b')
    unbind()
    expect(text.toString()).toBe('ab')
    remote.insert(0, 'x')
    field.type('c')
    expect(field.value).toBe('abc')
    expect(text.toString()).toBe('xab')
  })

  test('an emoji next to another is replaced whole: no broken character reaches anybody', () => {
    const { field, remote } = setUp('😀')
    field.setSelectionRange(0, 2)
    field.type('😁')
    expect(remote.toString()).toBe('😁')
  })
})
