import { describe, expect, test } from 'vitest'
import { roomLink } from './room-link.ts'

const HERE = { origin: 'https://x.org', pathname: '/rooms/design-review' }

describe('[U39] a link in a message', () => {
  test('into this room is followed in place and said in short', () => {
    expect(roomLink('https://x.org/rooms/design-review#m=8f2abcdefgh', HERE)).toEqual({
      target: { kind: 'message', id: '8f2abcdefgh' },
      isHere: true,
      label: 'rooms/design-review#m=8f2abc',
    })
  })

  test('into another room of this server is said in short too', () => {
    expect(roomLink('https://x.org/rooms/lobby#c=1', HERE)).toMatchObject({
      isHere: false,
      label: 'rooms/lobby#c=1',
    })
  })

  test('of another server, to nothing in a room, or no address at all is none of ours', () => {
    for (const href of [
      'https://y.org/rooms/design-review#m=1',
      'https://x.org/rooms/design-review',
      'https://x.org/other#m=1',
      'mailto:a@x.org',
      'nonsense',
    ])
      expect(roomLink(href, HERE)).toBeUndefined()
  })
})
