import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { localCopyName, parseGeneration, readGeneration, roomKey, writeGeneration } from './generation.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('generations', () => {
  test('[W14] the reason of a 4404 close gives a whole number, and any other text nothing', () => {
    expect(parseGeneration('generation=12')).toBe(12)
    for (const text of [
      '',
      'generation=',
      'generation=-1',
      'generation=1.5',
      'xgeneration=1',
      'generation=1 ',
    ]) {
      expect(parseGeneration(text)).toBeUndefined()
    }
    fc.assert(
      fc.property(fc.string(), (text) => {
        const generation = parseGeneration(text)
        expect(generation === undefined || Number.isSafeInteger(generation)).toBe(true)
      }),
    )
    fc.assert(
      fc.property(fc.nat(), (n) => {
        expect(parseGeneration(`generation=${n}`)).toBe(n)
      }),
    )
  })

  test('a room is named by host and name, whatever the path, the scheme or the generation', () => {
    expect(roomKey('wss://example.com:8443/server/ws', 'lobby')).toBe('example.com:8443:lobby')
    expect(roomKey('/ws', 'lobby')).toBe('/ws:lobby')
    expect(localCopyName('example.com:lobby', undefined)).toBe('roomful:example.com:lobby:0')
    expect(localCopyName('example.com:lobby', 3)).toBe('roomful:example.com:lobby:3')
  })

  test('what was written is read; spoilt, refused or missing storage is simply not known', () => {
    const items = new Map<string, string>()
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => items.get(key) ?? null,
      setItem: (key: string, value: string) => items.set(key, value),
    })
    writeGeneration('a:room', 5)
    expect(readGeneration('a:room')).toBe(5)
    expect(readGeneration('b:room')).toBeUndefined()
    items.set([...items.keys()][0] ?? '', '5; DROP')
    expect(readGeneration('a:room')).toBeUndefined()
    const refuse = (): never => {
      throw new DOMException('denied', 'SecurityError')
    }
    for (const storage of [{ getItem: refuse, setItem: refuse }, undefined]) {
      vi.stubGlobal('localStorage', storage)
      writeGeneration('a:room', 6)
      expect(readGeneration('a:room')).toBeUndefined()
    }
  })
})
