import type { ConnectionState } from '@roomful/provider'
import type { Link } from './link.ts'

/** What providers say when their connection changes; `closed` is y-websocket's last word, after `status`. */
const EVENTS = ['status', 'synced', 'closed'] as const

/**
 * The connection of a provider we know nothing of, from what the well-known ones have in common. One that says nothing
 * counts as connected and synced. What is durable there nobody can tell.
 */
export function foreignLink(provider: object): Link {
  let wasConnected = false
  const state = (): ConnectionState => {
    if (isForeignConnected(provider)) {
      wasConnected = true
      return 'connected'
    }
    if (Reflect.get(provider, 'shouldConnect') === false) return 'closed'
    return wasConnected ? 'reconnecting' : 'connecting'
  }
  return {
    get detail() {
      return { state: state() }
    },
    sync: { pending: 'unknown', localCopy: 'off' },
    get isSynced() {
      return state() === 'connected' && Reflect.get(provider, 'synced') !== false
    },
    isAnswered: false,
    subscribe: (listener) => listen(provider, EVENTS, listener),
  }
}

/** Whether a provider is connected, as far as it says. */
export function isForeignConnected(provider: object): boolean {
  return (Reflect.get(provider, 'wsconnected') ?? Reflect.get(provider, 'connected')) !== false
}

/** Listens to events of a provider that has events. Returns how to stop. */
export function listen(provider: object, events: readonly string[], listener: () => void): () => void {
  const call = (method: 'on' | 'off'): void => {
    const register: unknown = Reflect.get(provider, method)
    if (typeof register === 'function')
      for (const event of events) Reflect.apply(register, provider, [event, listener])
  }
  call('on')
  return () => call('off')
}
