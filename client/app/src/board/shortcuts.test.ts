// @vitest-environment jsdom
import { describe, expect, test } from 'vitest'
import { pressed } from '../keys/pressed.ts'
import { BOARD_SHORTCUTS } from './shortcuts.ts'

const key = (name: string, init: KeyboardEventInit = {}): KeyboardEvent =>
  new KeyboardEvent('keydown', { key: name, ...init })

describe('[U40] the board’s shortcuts', () => {
  test.each([
    [['N'], key('n'), true],
    [['N'], key('N', { shiftKey: true }), false],
    [['N'], key('n', { ctrlKey: true }), false],
    [['N'], key('n', { altKey: true }), false],
    [['Mod+D'], key('d', { ctrlKey: true }), true],
    [['Mod+D'], key('d', { metaKey: true }), true],
    [['Mod+D'], key('d'), false],
    [['Mod+Z'], key('Z', { ctrlKey: true, shiftKey: true }), false],
    [['Mod+Shift+Z', 'Mod+Y'], key('Z', { ctrlKey: true, shiftKey: true }), true],
    [['Mod+Shift+Z', 'Mod+Y'], key('y', { metaKey: true }), true],
    [['+', '='], key('+', { shiftKey: true }), true],
    [['+', '='], key('='), true],
    [[']'], key(']'), true],
    [['Shift+]', '}'], key('}', { shiftKey: true }), true],
    [[']'], key('}', { shiftKey: true }), false],
    // where brackets need AltGr, it reports itself as Ctrl and Alt
    [[']'], key(']', { ctrlKey: true, altKey: true, modifierAltGraph: true }), true],
    [['Delete', 'Backspace'], key('Backspace'), true],
    [['Delete', 'Backspace'], key('Delete', { shiftKey: true }), false],
  ])('%j and this press: %#', (keys, event, expected) => {
    expect(pressed(keys, event)).toBe(expected)
  })

  test('no key means two things, and every command has a key and a name of its own', () => {
    const keys = BOARD_SHORTCUTS.flatMap((shortcut) => shortcut.keys)
    expect(new Set(keys).size).toBe(keys.length)
    expect(new Set(BOARD_SHORTCUTS.map(({ id }) => id)).size).toBe(BOARD_SHORTCUTS.length)
    expect(new Set(BOARD_SHORTCUTS.map(({ label }) => label)).size).toBe(BOARD_SHORTCUTS.length)
    expect(BOARD_SHORTCUTS.every((shortcut) => shortcut.keys.length > 0)).toBe(true)
  })
})
