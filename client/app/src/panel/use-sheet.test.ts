import { describe, expect, test } from 'vitest'
import { nearestHeight, raised, sheetPx } from './use-sheet.ts'

describe('[U46] the phone’s sheet', () => {
  test('has three heights in order, whatever the window', () => {
    for (const window of [844, 640, 420]) {
      expect(sheetPx('low', window)).toBeLessThan(sheetPx('half', window))
      expect(sheetPx('half', window)).toBeLessThanOrEqual(sheetPx('full', window))
      expect(sheetPx('full', window)).toBeLessThan(window)
    }
  })

  test('let go slowly it rests at the nearest height', () => {
    expect(nearestHeight(sheetPx('full', 844) - 30, 0, 'half', 844)).toBe('full')
    expect(nearestHeight(sheetPx('low', 844) + 30, 0, 'half', 844)).toBe('low')
  })

  test('a flick goes one step its way, and not beyond the ends', () => {
    expect(nearestHeight(sheetPx('half', 844), 1, 'half', 844)).toBe('full')
    expect(nearestHeight(sheetPx('half', 844), -1, 'half', 844)).toBe('low')
    expect(nearestHeight(sheetPx('full', 844), 1, 'full', 844)).toBe('full')
  })

  test('raised for the note it takes its full height, and goes back for the next tab', () => {
    expect(raised({ height: 'half' }, 'full')).toEqual({ height: 'full', before: 'half' })
    expect(raised({ height: 'full', before: 'half' }, 'half').height).toBe('half')
    expect(raised({ height: 'full', before: 'low' }, 'half').height).toBe('half')
  })

  test('pulled up by hand it stays up', () => {
    expect(raised({ height: 'full' }, 'half').height).toBe('full')
    expect(raised({ height: 'low' }, 'half').height).toBe('half')
  })
})
