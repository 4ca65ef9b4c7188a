// @vitest-environment jsdom
import { LOCAL_ORIGIN } from '@roomful/provider'
import { createUser } from '@roomful/shared'
import { act, type ReactElement } from 'react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { fox, ReactRoom } from '../../../tests/support/react-room.tsx'
import type { Note } from './note.ts'
import { NOTE_EDITORS_INTERVAL_MS } from './note-editors.ts'
import { useNote, useNoteEditors } from './use-note.ts'

let page: ReactRoom
beforeEach(() => {
  vi.useFakeTimers()
  page = new ReactRoom()
})
afterEach(() => {
  page.destroy()
  vi.useRealTimers()
})

/** A state of somebody whose caret is at an index of the note. */
function at(index: number, user = fox): Record<string, unknown> {
  const position = Y.createRelativePositionFromTypeIndex(page.room.note.text, index)
  return { user, cursor: JSON.parse(JSON.stringify({ anchor: position, head: position })) as unknown }
}

function wait(): void {
  act(() => void vi.advanceTimersByTime(NOTE_EDITORS_INTERVAL_MS))
}

describe('useNote', () => {
  test('gives an editor the text, the awareness and an undo of the note alone', () => {
    const seen = new Set<Note>()
    const Editor = (): null => {
      seen.add(useNote())
      return null
    }
    page.show(<Editor />)
    expect(seen.size).toBe(1)
    const { note, cards, doc, provider } = page.room
    expect([note.text, note.awareness]).toEqual([doc.getText('note'), provider.awareness])
    const { undo } = note
    expect(note.undo).toBe(undo)
    act(() => {
      cards.create({ x: 0, y: 0 })
      doc.transact(() => note.text.insert(0, 'mine'), LOCAL_ORIGIN)
      doc.transact(() => note.text.insert(4, ', theirs'), provider)
    })
    undo.undo()
    expect([note.text.toJSON(), cards.ordered.length]).toEqual([', theirs', 1])
  })
})

describe('useNoteEditors', () => {
  test('[U59] lists the others with line and column, and follows them', () => {
    const Editors = (): ReactElement => (
      <p>
        {useNoteEditors()
          .map(({ person, line, column }) => `${person.name} ${line}:${column}`)
          .join()}
      </p>
    )
    page.show(<Editors />)
    act(() => page.room.note.text.insert(0, 'one\ntwo'))
    page.say(7, at(5))
    page.say(8, at(1, createUser('ada', 'Ada', '#1c75d6')))
    wait()
    expect(page.text).toBe('Ada 1:2,Quiet Fox 2:2')
    page.say(7, { user: fox, cursor: null })
    wait()
    expect(page.text).toBe('Ada 1:2')
  })

  test('a selector renders only when what it makes differs', () => {
    let renders = 0
    const Count = (): string => {
      renders++
      return `${useNoteEditors((editors) => editors.length)} others editing`
    }
    page.show(<Count />)
    act(() => page.room.note.text.insert(0, 'x'.repeat(200)))
    page.say(7, at(0))
    wait()
    expect(page.text).toBe('1 others editing')
    const before = renders
    for (let index = 1; index < 100; index++) {
      page.say(7, at(index))
      wait()
    }
    expect(renders).toBe(before)
  })

  test('an equality of one’s own decides what is a change', () => {
    let renders = 0
    const byLine = (a: { line: number }[], b: { line: number }[]): boolean =>
      a.map(({ line }) => line).join() === b.map(({ line }) => line).join()
    const Lines = (): string => {
      renders++
      return useNoteEditors((editors) => editors.map(({ line, index }) => ({ line, index })), byLine)
        .map(({ line }) => line)
        .join()
    }
    page.show(<Lines />)
    act(() => page.room.note.text.insert(0, 'one\ntwo'))
    page.say(7, at(0))
    wait()
    const before = renders
    page.say(7, at(2))
    wait()
    expect([page.text, renders]).toEqual(['1', before])
    page.say(7, at(4))
    wait()
    expect(page.text).toBe('2')
  })
})
