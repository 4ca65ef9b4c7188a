import { describe, expect, test, vi } from 'vitest'
import { type PanelStorage, PanelStore } from './panel-store.ts'

function memory(): PanelStorage {
  const items = new Map<string, string>()
  return { getItem: (key) => items.get(key) ?? null, setItem: (key, value) => void items.set(key, value) }
}

describe('the side panel', () => {
  test('starts open at the chat', () => {
    expect(new PanelStore(memory()).state).toMatchObject({ isOpen: true, tab: 'chat' })
  })

  test('is found again as it was left', () => {
    const storage = memory()
    const store = new PanelStore(storage)
    store.open('note')
    store.close()
    expect(new PanelStore(storage).state).toMatchObject({ isOpen: false, tab: 'note' })
  })

  test('opened from anywhere it tells its subscribers, also for the tab that is chosen already', () => {
    const store = new PanelStore(memory())
    const onChange = vi.fn()
    const stop = store.subscribe(onChange)
    store.open('chat')
    store.open('chat')
    expect(store.state.asked).toBe(2)
    expect(onChange).toHaveBeenCalledTimes(2)
    stop()
    store.open('people')
    expect(onChange).toHaveBeenCalledTimes(2)
  })

  test('opened without a tab it keeps its own', () => {
    const store = new PanelStore(memory())
    store.open('people')
    store.toggle()
    expect(store.state.isOpen).toBe(false)
    store.toggle()
    expect(store.state).toMatchObject({ isOpen: true, tab: 'people' })
  })

  test('a wish for the keyboard is answered once, and closing takes it back', () => {
    const store = new PanelStore(memory())
    store.open('chat', { focus: true })
    expect([store.takeFocus(), store.takeFocus()]).toEqual([true, false])
    store.open('chat', { focus: true })
    store.close()
    expect(store.takeFocus()).toBe(false)
  })

  test('works where storage is refused, and with what an older page left there', () => {
    const refused: PanelStorage = {
      getItem() {
        throw new DOMException('refused', 'SecurityError')
      },
      setItem() {
        throw new DOMException('full', 'QuotaExceededError')
      },
    }
    const store = new PanelStore(refused)
    store.open('people')
    expect(store.state.tab).toBe('people')
    expect(new PanelStore({ getItem: () => 'files', setItem() {} }).state.tab).toBe('chat')
  })
})
