import { describe, expect, test } from 'vitest'
import { linkHash, parseLinkTarget } from './link-target.ts'
import { LinkStore, type LinkWindow } from './link-store.ts'

describe('[U39] the hash of a deep link', () => {
  test('names a message or a card, and nothing else', () => {
    expect(parseLinkTarget('#m=8f2')).toEqual({ kind: 'message', id: '8f2' })
    expect(parseLinkTarget('#c=a%20b')).toEqual({ kind: 'card', id: 'a b' })
    for (const hash of ['', '#', '#board', '#m=', '#x=1', '#m=%', `#m=${'x'.repeat(65)}`])
      expect(parseLinkTarget(hash)).toBeUndefined()
  })

  test('comes back from what is written', () => {
    for (const target of [
      { kind: 'message', id: 'V1StGXR8_Z5jdHi6B-myT' },
      { kind: 'card', id: 'ä/#?&' },
    ] as const)
      expect(parseLinkTarget(linkHash(target))).toEqual(target)
  })
})

/** A window whose address tests write. */
function fakeWindow(hash: string): LinkWindow & { navigate(pathname: string): void } {
  const listeners: (() => void)[] = []
  const tell = (): void => {
    for (const listener of listeners) listener()
  }
  let path = '/rooms/a'
  return {
    location: {
      get hash() {
        return hash
      },
      set hash(next: string) {
        hash = next
        tell()
      },
      get pathname() {
        return path
      },
    },
    addEventListener(_type, listener) {
      listeners.push(listener)
    },
    navigate(pathname) {
      path = pathname
    },
  }
}

describe('[U39] where the address points', () => {
  test('is there from the start, until it is settled', () => {
    const store = new LinkStore(fakeWindow('#m=1'))
    const { request } = store
    expect(request?.target).toEqual({ kind: 'message', id: '1' })
    if (request !== undefined) store.settle(request)
    expect(store.request).toBeUndefined()
  })

  test('the same link again is a new request', () => {
    const store = new LinkStore(fakeWindow(''))
    let calls = 0
    store.subscribe(() => calls++)
    store.open({ kind: 'card', id: '1' })
    const first = store.request
    store.open({ kind: 'card', id: '1' })
    expect(store.request?.target).toEqual({ kind: 'card', id: '1' })
    expect(store.request).not.toBe(first)
    // as the browser fires popstate and hashchange, each once
    expect(calls).toBe(2)
  })

  test('settling an older request leaves the newer one', () => {
    const store = new LinkStore(fakeWindow('#m=1'))
    const older = store.request
    store.open({ kind: 'message', id: '2' })
    if (older !== undefined) store.settle(older)
    expect(store.request?.target.id).toBe('2')
  })

  test('is not taken along into another room', () => {
    const window = fakeWindow('#m=1')
    const store = new LinkStore(window)
    window.navigate('/rooms/b')
    expect(store.request).toBeUndefined()
  })
})
