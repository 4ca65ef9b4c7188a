import { afterEach, expect, test, vi } from 'vitest'
import { readDraft, writeDraft } from './drafts.ts'

afterEach(() => vi.unstubAllGlobals())

test('[U20] a draft is kept for its room, and forgotten when it is sent', () => {
  const kept = new Map<string, string>()
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  })
  writeDraft('a', 'half a sent')
  expect(readDraft('a')).toBe('half a sent')
  expect(readDraft('b')).toBe('')
  writeDraft('a', '')
  expect(readDraft('a')).toBe('')
  expect(kept.size).toBe(0)
})

test('[U63] storage that is refused loses nothing but the draft after a reload', () => {
  const refuse = (): never => {
    throw new DOMException('denied', 'SecurityError')
  }
  vi.stubGlobal('sessionStorage', { getItem: refuse, setItem: refuse, removeItem: refuse })
  writeDraft('a', 'text')
  expect(readDraft('a')).toBe('')
})
