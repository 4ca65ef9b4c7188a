import { describe, expect, test } from 'vitest'
import { linkPieces } from './link-pieces.ts'
import { typingLine } from './typing-line.ts'

describe('[U22] who is typing', () => {
  test('one, two, several, nobody', () => {
    expect(typingLine([])).toBeUndefined()
    expect(typingLine(['A'])).toEqual({ kind: 'one', name: 'A' })
    expect(typingLine(['A', 'B'])).toEqual({ kind: 'two', first: 'A', second: 'B' })
    expect(typingLine(['A', 'B', 'C'])).toEqual({ kind: 'several' })
  })
})

describe('[U23] links in a message', () => {
  test('all pieces together are the text, addresses lead somewhere', () => {
    const text = 'see https://example.com/a?b=1, example.org and <b>this</b>'
    const pieces = linkPieces(text)
    expect(pieces.map((piece) => piece.text).join('')).toBe(text)
    expect(pieces.flatMap((piece) => piece.href ?? [])).toEqual([
      'https://example.com/a?b=1',
      'https://example.org',
    ])
  })

  test('nothing leads out but http, https and mail', () => {
    const hrefs = linkPieces(
      'javascript:alert(1) data:text/html,x file:///etc/passwd me@example.com',
    ).flatMap((piece) => piece.href ?? [])
    for (const href of hrefs) expect(href).toMatch(/^(https?|mailto):/)
  })
})
