import { describe, expect, test } from 'vitest'
import { nextTab } from './tab-keys.ts'

const TABS = ['chat', 'people', 'activity', 'note'] as const

describe('[U41] the keys of the tab row', () => {
  test('arrows go to the neighbour, and round at the ends', () => {
    expect(nextTab(TABS, 'chat', 'ArrowRight', false)).toBe('people')
    expect(nextTab(TABS, 'people', 'ArrowLeft', false)).toBe('chat')
    expect(nextTab(TABS, 'note', 'ArrowRight', false)).toBe('chat')
    expect(nextTab(TABS, 'chat', 'ArrowLeft', false)).toBe('note')
  })

  test('arrows follow the reading direction', () => {
    expect(nextTab(TABS, 'chat', 'ArrowLeft', true)).toBe('people')
    expect(nextTab(TABS, 'chat', 'ArrowRight', true)).toBe('note')
  })

  test('Home and End go to the ends', () => {
    expect(nextTab(TABS, 'activity', 'Home', false)).toBe('chat')
    expect(nextTab(TABS, 'people', 'End', false)).toBe('note')
  })

  test('other keys stay free', () => {
    expect(nextTab(TABS, 'chat', 'a', false)).toBeUndefined()
    expect(nextTab(TABS, 'chat', 'ArrowDown', false)).toBeUndefined()
  })
})
