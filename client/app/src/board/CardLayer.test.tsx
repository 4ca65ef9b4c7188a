// @vitest-environment jsdom
import type * as RoomfulReact from '@roomful/react'
import type { Card } from '@roomful/shared'
import { act, type ReactElement, useEffect, useState, useSyncExternalStore } from 'react'
import { useRoom } from '@roomful/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fox, ReactRoom } from '../../../../tests/support/react-room.tsx'
import { BoardContext } from './board-context.ts'
import { BoardController } from './board-state.ts'
import { CardLayer } from './CardLayer.tsx'
import { ViewStore } from './view-store.ts'

/** Ids of cards in the order in which they were rendered: each card reads its text once a render. */
const rendered: string[] = []

vi.mock('@roomful/react', async (importOriginal) => {
  const original = await importOriginal<typeof RoomfulReact>()
  return {
    ...original,
    useCardText: (card: Card): string => {
      rendered.push(card.id)
      return original.useCardText(card)
    },
  }
})

const COUNT = 1_000
let page: ReactRoom
let board: BoardController | undefined

function Layer(): ReactElement {
  const room = useRoom()
  const [controller] = useState(() => new BoardController(new ViewStore(), room))
  useEffect(() => {
    board = controller
  }, [controller])
  const state = useSyncExternalStore(controller.subscribe, () => controller.state)
  return (
    <BoardContext value={controller}>
      <CardLayer state={state} parts={undefined} />
    </BoardContext>
  )
}

/** What a step renders, each card once however often StrictMode asks. */
function rendersOf(step: () => void): ReadonlySet<string> {
  rendered.length = 0
  act(step)
  return new Set(rendered)
}

function fill(count: number): string[] {
  const ids: string[] = []
  act(() => {
    page.room.doc.transact(() => {
      for (let n = 0; n < count; n++) ids.push(page.room.cards.create({ x: n, y: n, text: `Card ${n}` }))
    })
  })
  return ids
}

beforeEach(() => {
  page = new ReactRoom()
  page.show(<Layer />)
})
afterEach(() => {
  page.destroy()
})

test('[U53] in a room of a thousand cards a drag of one renders that one, step for step', () => {
  const ids = fill(COUNT)
  expect(page.host.querySelectorAll('[data-card-id]')).toHaveLength(COUNT)
  const id = ids[500] ?? ''
  for (let step = 0; step < 20; step++) {
    expect([...rendersOf(() => page.room.cards.move(id, [step, step]))]).toEqual([id])
  }
  expect([...rendersOf(() => page.room.cards.resize(id, [300, 200]))]).toEqual([id])
  expect([...rendersOf(() => page.room.cards.get(id)?.text.insert(0, 'x'))]).toEqual([id])
  expect([...rendersOf(() => page.room.cards.bringToFront(id))]).toEqual([id])
  expect([...rendersOf(() => board?.select([id]))]).toEqual([id])
})

test('[U36] somebody else’s selection renders the cards in it, and their pointer none', () => {
  const [a = '', b = ''] = fill(50)
  const state = { user: fox, pointer: null, typing: false, view: null, status: 'active' }
  expect([...rendersOf(() => page.say(7, { ...state, selection: [a] }))]).toEqual([a])
  expect(rendersOf(() => page.say(7, { ...state, selection: [a], pointer: { x: 0.5, y: 0.5 } })).size).toBe(0)
  expect([...rendersOf(() => page.say(7, { ...state, selection: [a, b] }))].sort()).toEqual([b])
  expect(page.host.querySelectorAll(`[data-selected-by="${fox.id}"]`)).toHaveLength(2)
})

test('a card keeps its element, and so the focus, when it comes to the front', () => {
  const [a = ''] = fill(3)
  const element = page.host.querySelector<HTMLElement>(`[data-card-id="${a}"]`)
  const before = [...page.host.querySelectorAll('[data-card-id]')]
  element?.focus()
  act(() => page.room.cards.bringToFront(a))
  expect([...page.host.querySelectorAll('[data-card-id]')]).toEqual(before)
  expect(document.activeElement).toBe(element)
  const ranks = before.map((node) => (node instanceof HTMLElement ? Number(node.style.zIndex) : NaN))
  expect(Number(element?.style.zIndex)).toBe(Math.max(...ranks))
})
