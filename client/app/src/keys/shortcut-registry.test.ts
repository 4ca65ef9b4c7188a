// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Shortcut, ShortcutRegistry } from './shortcut-registry.ts'
import { singleKeys } from './single-keys.ts'

const registry = new ShortcutRegistry()
const run = vi.fn()
const shortcut = (keys: readonly string[], rest: Partial<Shortcut> = {}): Shortcut => ({
  id: keys.join(),
  label: 'Do it',
  group: 'Page',
  keys,
  run,
  ...rest,
})
let stop: () => void
let remove: () => void

beforeEach(() => {
  document.body.innerHTML = ''
  run.mockClear()
  singleKeys.set(true)
  stop = registry.listen(window)
  remove = registry.add([shortcut(['C']), shortcut(['Mod+K'])])
})
afterEach(() => {
  remove()
  stop()
})

/** Presses a key on what `html` holds; returns whether the browser's own meaning of it was prevented. */
function press(init: KeyboardEventInit, html = '<button></button>'): boolean {
  document.body.innerHTML = html
  const target = document.body.querySelector('[data-at]') ?? document.body.firstElementChild ?? document.body
  return !target.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init }))
}

describe('[U40] the page’s shortcuts', () => {
  test('run by their key, in either case, and keep the browser from its own meaning', () => {
    expect(press({ key: 'c' })).toBe(true)
    expect(press({ key: 'K', ctrlKey: true })).toBe(true)
    expect(press({ key: 'k', metaKey: true })).toBe(true)
    expect(run).toHaveBeenCalledTimes(3)
  })

  test('leave keys with other modifiers alone: Ctrl+C copies', () => {
    expect(press({ key: 'c', ctrlKey: true })).toBe(false)
    expect(press({ key: 'c', altKey: true })).toBe(false)
    expect(press({ key: 'k', ctrlKey: true, shiftKey: true })).toBe(false)
    expect(run).not.toHaveBeenCalled()
  })

  test.each([
    '<input>',
    '<textarea></textarea>',
    '<select></select>',
    '<div contenteditable="true"><p data-at></p></div>',
    '<div class="cm-editor"><div contenteditable="true" class="cm-content"><span data-at></span></div></div>',
    '<dialog open><button data-at></button></dialog>',
    '<div role="dialog"><button data-at></button></div>',
  ])('do not fire in %s', (html) => {
    expect(press({ key: 'c' }, html)).toBe(false)
    expect(press({ key: 'k', ctrlKey: true }, html)).toBe(false)
    expect(run).not.toHaveBeenCalled()
  })

  test('do not fire while composing, repeating, or when the key was used on the way', () => {
    press({ key: 'c', isComposing: true })
    press({ key: 'c', repeat: true })
    const use = (event: Event): void => event.preventDefault()
    document.addEventListener('keydown', use)
    press({ key: 'c' })
    document.removeEventListener('keydown', use)
    expect(run).not.toHaveBeenCalled()
  })

  test('of one character rest when those are turned off, the others go on', () => {
    singleKeys.set(false)
    expect(press({ key: 'c' })).toBe(false)
    expect(press({ key: 'k', ctrlKey: true })).toBe(true)
    expect(run).toHaveBeenCalledTimes(1)
    expect(localStorage.getItem('roomful:single-keys')).toBe('off')
  })

  test('rest while their condition does not hold, and are gone once taken back', () => {
    const takeBack = registry.add([shortcut(['X'], { when: () => false }), shortcut(['Y'])])
    expect(press({ key: 'x' })).toBe(false)
    expect(press({ key: 'y' })).toBe(true)
    takeBack()
    expect(press({ key: 'y' })).toBe(false)
    expect(registry.all.map(({ keys }) => keys)).toEqual([['C'], ['Mod+K']])
  })

  test('that only Shift can type need no Shift in their spelling', () => {
    const takeBack = registry.add([shortcut(['?'])])
    expect(press({ key: '?', shiftKey: true })).toBe(true)
    takeBack()
  })
})
