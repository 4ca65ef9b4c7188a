// @vitest-environment jsdom
import { LOBBY, parseRoomName, type RoomName } from '@roomful/shared'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { onNewToken, takeTokenFromAddress, tokenFor } from './room-token.ts'

const DESIGN = parseRoomName('design-review') as RoomName

/** Follows a link. */
function open(path: string): void {
  history.replaceState(null, '', path)
  takeTokenFromAddress()
}

describe('[U32] a sign-in link', () => {
  beforeEach(() => sessionStorage.clear())

  test('leaves its token with this tab and nothing in the address', () => {
    open('/rooms/design-review#token=abc.def-ghi_j')
    expect(location.href).toBe(`${location.origin}/rooms/design-review`)
    expect(tokenFor(DESIGN)).toBe('abc.def-ghi_j')
    expect(localStorage.length).toBe(0)
  })

  test('keeps the rest of the address', () => {
    open('/rooms/lobby?x=1#m=message&token=abc&c=card')
    expect(`${location.search}${location.hash}`).toBe('?x=1#m=message&c=card')
    expect(tokenFor(LOBBY)).toBe('abc')
    open('/rooms/lobby#c=token=not-one')
    expect(location.hash).toBe('#c=token=not-one')
    expect(tokenFor(LOBBY)).toBe('abc')
  })

  test('names its room as the app does, and its token may open others too', () => {
    open('/rooms/Design%20Review#token=first')
    open('/rooms/lobby#token=second')
    expect([tokenFor(DESIGN), tokenFor(LOBBY)]).toEqual(['first', 'second'])
    expect(tokenFor(parseRoomName('elsewhere') as RoomName)).toBe('second')
  })

  test('without a token in it changes nothing', () => {
    open('/rooms/lobby#token=abc')
    open('/rooms/lobby#token=')
    expect([tokenFor(LOBBY), location.hash]).toEqual(['abc', ''])
  })

  test('followed on an open page tells it', () => {
    const told = vi.fn()
    const off = onNewToken(told)
    open('/rooms/lobby#m=message')
    expect(told).not.toHaveBeenCalled()
    open('/rooms/lobby#token=abc')
    expect(told).toHaveBeenCalledOnce()
    off()
  })

  test('[U63] works where storage is refused, as long as the page lives', () => {
    const refuse = (): never => {
      throw new DOMException('', 'SecurityError')
    }
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(refuse)
    vi.spyOn(Storage.prototype, 'getItem').mockImplementation(refuse)
    open('/rooms/lobby#token=abc%2Bd')
    expect([tokenFor(LOBBY), location.hash]).toEqual(['abc+d', ''])
    vi.restoreAllMocks()
  })
})
