// @vitest-environment jsdom
import type { EditorView } from '@codemirror/view'
import { createUndo } from '@roomful/provider'
import type { Note } from '@roomful/react'
import { createUser, roomDoc } from '@roomful/shared'
import { afterEach, describe, expect, test } from 'vitest'
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { createNoteEditor, setReadOnly } from './create-editor.ts'

const cleanups: (() => void)[] = []

afterEach(() => {
  for (const cleanup of cleanups.splice(0).toReversed()) cleanup()
})

interface Writer {
  readonly doc: Y.Doc
  readonly text: Y.Text
  readonly awareness: Awareness
  readonly view: EditorView
}

function open(before = ''): Writer {
  const doc = new Y.Doc()
  const { note: text } = roomDoc(doc)
  text.insert(0, before)
  const awareness = new Awareness(doc)
  const undo = createUndo(text)
  const note: Note = { text, awareness, undo }
  const parent = document.createElement('div')
  document.body.append(parent)
  const view = createNoteEditor({ parent, note, describedBy: 'hint', onCaret: () => {} })
  cleanups.push(() => {
    view.destroy()
    undo.destroy()
    awareness.destroy()
    parent.remove()
  })
  return { doc, text, awareness, view }
}

/** From now on each hears what the other writes. */
function connect(a: Writer, b: Writer): void {
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    from.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'wire') Y.applyUpdate(to.doc, update, 'wire')
    })
  }
}

function type(view: EditorView, at: number, insert: string): void {
  view.dispatch({ changes: { from: at, insert }, selection: { anchor: at + insert.length } })
}

function press(view: EditorView, key: string, modifiers: KeyboardEventInit = {}): boolean {
  const keyCode = { Escape: 27, Tab: 9, z: 90, Z: 90, a: 65 }[key] ?? 0
  const event = new KeyboardEvent('keydown', { key, keyCode, bubbles: true, cancelable: true, ...modifiers })
  view.contentDOM.dispatchEvent(event)
  return event.defaultPrevented
}

function say(to: Writer, state: Record<string, unknown>): Awareness {
  const other = new Awareness(new Y.Doc())
  cleanups.push(() => other.destroy())
  other.setLocalState(state)
  applyAwarenessUpdate(to.awareness, encodeAwarenessUpdate(other, [other.clientID]), 'server')
  return other
}

const carets = (writer: Writer): (string | null)[] =>
  [...writer.view.dom.querySelectorAll('.note-caret-label')].map((label) => label.textContent)

describe('the note’s editor', () => {
  test('[U52] what two people type at once is in both', () => {
    const [ada, bob] = [open(), open()]
    connect(ada, bob)
    for (const letter of 'abc') {
      type(ada.view, 0, letter)
      type(bob.view, bob.view.state.doc.length, letter.toUpperCase())
    }
    expect(ada.view.state.doc.toString()).toBe('cbaABC')
    expect(bob.view.state.doc.toString()).toBe('cbaABC')
    expect(ada.text.toJSON()).toBe('cbaABC')
  })

  test('[U34] undo takes back what was typed here, and nothing else', () => {
    const [ada, bob] = [open(), open()]
    connect(ada, bob)
    type(ada.view, 0, 'mine ')
    type(bob.view, 0, 'theirs ')
    expect(press(ada.view, 'z', { ctrlKey: true })).toBe(true)
    expect(bob.text.toJSON()).toBe('theirs ')
    expect(press(ada.view, 'Z', { ctrlKey: true, shiftKey: true })).toBe(true)
    expect(bob.text.toJSON()).toBe('theirs mine ')
  })

  test('with nothing to undo the keys stay here: the board’s history is not touched', () => {
    expect(press(open().view, 'z', { ctrlKey: true })).toBe(true)
  })

  test('carriage returns in the shared text keep both sides counting alike', () => {
    const ada = open('one\r\ntwo')
    type(ada.view, ada.view.state.doc.length, '!')
    expect(ada.text.toJSON()).toBe('one\r\ntwo!')
    ada.text.insert(4, '?')
    expect(ada.view.state.doc.toString()).toBe(ada.text.toJSON())
  })

  test('[U41] Tab indents, and after Esc it leaves, until something is typed', () => {
    const { view, text } = open('- item')
    expect(press(view, 'Tab')).toBe(true)
    expect(text.toJSON()).toBe('  - item')
    press(view, 'Escape')
    expect(press(view, 'Tab')).toBe(false)
    expect(press(view, 'Tab', { shiftKey: true })).toBe(false)
    press(view, 'a')
    expect(press(view, 'Tab', { shiftKey: true })).toBe(true)
    expect(text.toJSON()).toBe('- item')
  })

  test('read only it can be read and is not changed from here, but goes on hearing', () => {
    const { view, text } = open('as it was')
    setReadOnly(view, true)
    expect(view.contentDOM.getAttribute('aria-readonly')).toBe('true')
    press(view, 'Tab')
    expect(text.toJSON()).toBe('as it was')
    text.insert(0, 'still ')
    expect(view.state.doc.toString()).toBe('still as it was')
    setReadOnly(view, false)
    press(view, 'Tab')
    expect(text.toJSON()).toBe('  still as it was')
  })

  test('has a name, a hint, spell checking, and lines that find their direction', () => {
    const { contentDOM } = open('שלום').view
    expect(contentDOM.getAttribute('role')).toBe('textbox')
    expect(contentDOM.getAttribute('aria-label')).toBe('Shared note')
    expect(contentDOM.getAttribute('aria-describedby')).toBe('hint')
    expect(contentDOM.getAttribute('spellcheck')).toBe('true')
    expect(contentDOM.querySelector('.cm-line')?.getAttribute('dir')).toBe('auto')
  })
})

describe('the others’ carets', () => {
  const ben = createUser('ben', 'Ben', '#1c75d6')
  const at = (text: Y.Text, index: number): unknown => {
    const position = Y.createRelativePositionFromTypeIndex(text, index)
    return { anchor: position, head: position }
  }

  test('[U52] show the name in the person’s colour, hidden from screen readers', async () => {
    const ada = open('hello')
    say(ada, { user: ben, cursor: at(ada.text, 2) })
    await expect.poll(() => carets(ada)).toEqual(['Ben'])
    const caret = ada.view.dom.querySelector<HTMLElement>('.note-caret')
    expect(caret?.style.getPropertyValue('--person')).toBe('#1c75d6')
    expect(caret?.getAttribute('aria-hidden')).toBe('true')
  })

  test('a pointer on the board and a name without a caret draw nothing; a colour that is none becomes one of ours', async () => {
    const ada = open('hello')
    say(ada, { user: ben, pointer: { x: 0.5, y: 0.5 } })
    say(ada, { user: { ...ben, color: 'red; background: url(x)' }, cursor: at(ada.text, 1) })
    // drawn in the same frame as the two above
    say(ada, { user: createUser('eve', 'Eve', '#438300'), cursor: at(ada.text, 2) })
    await expect.poll(() => carets(ada)).toEqual(['Ben', 'Eve'])
    expect(ada.view.dom.innerHTML).not.toContain('url(x)')
  })

  test('a pointer that moves does not make the editor work', async () => {
    const ada = open('hello')
    const other = say(ada, { user: ben, cursor: at(ada.text, 2), pointer: null })
    await expect.poll(() => carets(ada)).toEqual(['Ben'])
    const before = ada.view.state
    for (let step = 0; step < 20; step++) {
      other.setLocalStateField('pointer', { x: step / 20, y: 0 })
      applyAwarenessUpdate(ada.awareness, encodeAwarenessUpdate(other, [other.clientID]), 'server')
    }
    await new Promise((resolve) => requestAnimationFrame(resolve))
    expect(ada.view.state).toBe(before)
  })

  test('a caret that is before its letter appears with the letter', async () => {
    const [ada, bob] = [open(), open()]
    bob.text.insert(0, 'late')
    say(ada, { user: ben, cursor: at(bob.text, 2) })
    expect(carets(ada)).toEqual([])
    Y.applyUpdate(ada.doc, Y.encodeStateAsUpdate(bob.doc))
    await expect.poll(() => carets(ada)).toEqual(['Ben'])
  })

  test('a rename is seen, and who leaves takes the caret along', async () => {
    const ada = open('hello')
    const other = say(ada, { user: ben, cursor: at(ada.text, 2) })
    const tell = (): void =>
      applyAwarenessUpdate(ada.awareness, encodeAwarenessUpdate(other, [other.clientID]), 'server')
    other.setLocalStateField('user', { ...ben, name: 'Benjamin' })
    tell()
    await expect.poll(() => carets(ada)).toEqual(['Benjamin'])
    other.setLocalState(null)
    tell()
    await expect.poll(() => carets(ada)).toEqual([])
  })

  test('a stock client’s user without an id has a caret too', async () => {
    const ada = open('hello')
    say(ada, { user: { name: 'Stock', color: '#30bced' }, cursor: at(ada.text, 1) })
    await expect.poll(() => carets(ada)).toEqual(['Stock'])
  })
})

describe('one’s own caret', () => {
  test('is told while the editor has the focus, and taken back with it, the board’s fields kept', async () => {
    const ada = open('hello')
    ada.awareness.setLocalState({ user: createUser('ada', 'Ada', '#ca4459'), pointer: { x: 0.1, y: 0.2 } })
    const cursor = (): unknown => ada.awareness.getLocalState()?.['cursor']
    ada.view.focus()
    ada.view.dispatch({ selection: { anchor: 3 } })
    await expect.poll(cursor).toMatchObject({ head: { item: { clock: 3 } } })
    ada.view.contentDOM.blur()
    await expect.poll(cursor).toBeNull()
    expect(ada.awareness.getLocalState()).toMatchObject({ pointer: { x: 0.1, y: 0.2 } })
  })

  test('goes with the editor', async () => {
    const ada = open('hello')
    ada.awareness.setLocalState({})
    ada.view.focus()
    ada.view.dispatch({ selection: { anchor: 1 } })
    await expect.poll(() => ada.awareness.getLocalState()?.['cursor']).toBeTruthy()
    ada.view.destroy()
    expect(ada.awareness.getLocalState()?.['cursor']).toBeNull()
  })
})
