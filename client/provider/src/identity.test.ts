import { describe, expect, test } from 'vitest'
import { ManualClientClock } from '../../../tests/support/client-clock.ts'
import { Random } from '../../../tests/support/random.ts'
import { Identity, IDENTITY_KEY, loadIdentity, type ChannelLike, type StorageLike } from './identity.ts'

class MemoryStorage implements StorageLike {
  readonly items = new Map<string, string>()

  getItem(key: string): string | null {
    return this.items.get(key) ?? null
  }

  setItem(key: string, value: string): void {
    this.items.set(key, value)
  }

  /** What the browser does when a tab is duplicated. */
  copy(): MemoryStorage {
    const copy = new MemoryStorage()
    for (const [key, value] of this.items) copy.setItem(key, value)
    return copy
  }
}

/** The tabs of one browser. Messages wait until they are delivered. */
class Browser {
  readonly clock = new ManualClientClock()
  readonly #tabs = new Set<(event: MessageEvent) => void>()
  readonly #mail: { from: unknown; to: (event: MessageEvent) => void; data: unknown }[] = []
  readonly #random = new Random(7)

  open(storage: StorageLike | undefined): Identity {
    let listener: ((event: MessageEvent) => void) | undefined
    const channel: ChannelLike = {
      postMessage: (data) => {
        for (const to of this.#tabs) if (to !== listener) this.#mail.push({ from: listener, to, data })
      },
      addEventListener: (_type, added) => {
        listener = added
        this.#tabs.add(added)
      },
      close: () => listener !== undefined && this.#tabs.delete(listener),
    }
    return new Identity({
      storage,
      random: () => this.#random.int(1_000_000) / 1_000_000,
      clock: this.clock,
      openChannel: () => channel,
    })
  }

  /** Delivers what was said, and what is said upon it; more than 100 messages would be tabs that cannot agree. */
  deliver(): void {
    for (let count = 0; count < 100; count++) {
      const letter = this.#mail.shift()
      if (letter === undefined) return
      if (this.#tabs.has(letter.to)) letter.to(new MessageEvent('message', { data: letter.data }))
    }
    throw new Error('the tabs do not agree')
  }
}

describe('identity', () => {
  test('[U1] a first visit gets a name and a colour, and a reload keeps them', () => {
    const storage = new MemoryStorage()
    const user = loadIdentity(storage, () => 0.1)
    expect(user.name).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/)
    expect(user.color).toMatch(/^#[0-9a-f]{6}$/)
    expect(loadIdentity(storage, () => 0.9)).toEqual(user)
  })

  test('[U16] a reload keeps id, key and an edited name', () => {
    const browser = new Browser()
    const storage = new MemoryStorage()
    const before = browser.open(storage)
    before.update({ name: 'Ada', color: '#1c75d6' })
    before.destroy()
    const after = browser.open(storage)
    browser.deliver()
    expect(after.user).toEqual(before.user)
    expect(after.user.name).toBe('Ada')
    expect(after.key).toBe(before.key)
    after.destroy()
  })

  test('a duplicated tab becomes a new person; the original stays who it is', () => {
    const browser = new Browser()
    const storage = new MemoryStorage()
    const original = browser.open(storage)
    browser.clock.advance(1_000)
    const { user, key } = original
    const copied = storage.copy()
    const duplicate = browser.open(copied)
    let changes = 0
    duplicate.subscribe(() => changes++)
    expect(duplicate.user).toEqual(user)
    browser.deliver()
    expect(original.user).toEqual(user)
    expect(original.key).toBe(key)
    expect(changes).toBe(1)
    expect(duplicate.user.id).not.toBe(user.id)
    expect(duplicate.user.color).not.toBe(user.color)
    expect(duplicate.key).not.toBe(key)
    expect(JSON.parse(copied.getItem(IDENTITY_KEY) ?? '')).toMatchObject({ key: duplicate.key })
    original.destroy()
    duplicate.destroy()
  })

  test('a duplicated tab keeps a name that was chosen', () => {
    const browser = new Browser()
    const storage = new MemoryStorage()
    const original = browser.open(storage)
    original.update({ name: 'Ada' })
    browser.clock.advance(1_000)
    const duplicate = browser.open(storage.copy())
    browser.deliver()
    expect(duplicate.user.name).toBe('Ada')
    expect(duplicate.user.id).not.toBe(original.user.id)
    original.destroy()
    duplicate.destroy()
  })

  test('the original wins even when it was asleep while the copy settled in', () => {
    const browser = new Browser()
    const storage = new MemoryStorage()
    const original = browser.open(storage)
    const { key } = original
    browser.clock.advance(10)
    const duplicate = browser.open(storage.copy())
    browser.clock.advance(3_600_000)
    expect(duplicate.key).toBe(key)
    browser.deliver()
    expect(original.key).toBe(key)
    expect(duplicate.key).not.toBe(key)
    original.destroy()
    duplicate.destroy()
  })

  test('copies that load at the same moment end as different people', () => {
    const browser = new Browser()
    const storage = new MemoryStorage()
    loadIdentity(storage, () => 0.5)
    const tabs = [storage, storage.copy(), storage.copy()].map((copy) => browser.open(copy))
    browser.deliver()
    expect(new Set(tabs.map((tab) => tab.key)).size).toBe(3)
    expect(new Set(tabs.map((tab) => tab.user.id)).size).toBe(3)
    for (const tab of tabs) tab.destroy()
  })

  test('tabs of their own never disturb each other', () => {
    const browser = new Browser()
    const tabs = [browser.open(new MemoryStorage()), browser.open(new MemoryStorage())]
    const keys = tabs.map((tab) => tab.key)
    browser.deliver()
    expect(tabs.map((tab) => tab.key)).toEqual(keys)
    for (const tab of tabs) tab.destroy()
  })

  test('[U62] refused, full or spoilt storage: the identity lasts as long as the page', () => {
    const refused: StorageLike = {
      getItem: () => {
        throw new Error('SecurityError')
      },
      setItem: () => {
        throw new Error('QuotaExceededError')
      },
    }
    const spoilt = new MemoryStorage()
    spoilt.setItem(IDENTITY_KEY, '{"user":{"id":"x","name":"X","color":"javascript:1"},"key":"k"}')
    for (const storage of [refused, undefined, spoilt]) {
      const user = loadIdentity(storage, () => 0.3)
      expect(user.id.length).toBe(21)
      expect(user.color).toMatch(/^#[0-9a-f]{6}$/)
    }
  })

  test('[U1] who is new gives way to a colour somebody has, once; who chose or was here before does not', () => {
    const random = () => 0.5
    const storage = new MemoryStorage()
    const fresh = new Identity({ storage, random, openChannel: () => undefined })
    const { id, name, color } = fresh.user
    fresh.avoid(new Set([color]))
    expect(fresh.user).toMatchObject({ id, name })
    expect(fresh.user.color).not.toBe(color)
    const second = fresh.user.color
    fresh.avoid(new Set([second]))
    expect(fresh.user.color).toBe(second)
    const reloaded = new Identity({ storage, random, openChannel: () => undefined })
    reloaded.avoid(new Set([second]))
    expect(reloaded.user.color).toBe(second)
    const chosen = new Identity({ storage: new MemoryStorage(), random, openChannel: () => undefined })
    chosen.update({ color })
    chosen.avoid(new Set([color]))
    expect(chosen.user.color).toBe(color)
  })

  test('[U19] names are cleaned when edited', () => {
    const browser = new Browser()
    const identity = browser.open(undefined)
    expect(identity.update({ name: '\u202E  A   B ' }).name).toBe('A B')
    identity.destroy()
    identity.destroy()
  })
})
