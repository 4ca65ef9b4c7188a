import { useCallback, useRef, useSyncExternalStore } from 'react'

/** Something that says when it has changed. */
export interface Store {
  subscribe(listener: () => void): () => void
}

/**
 * Reads a value out of a store and renders again only when it differs, by `isEqual`. The value keeps its reference as
 * long as it is equal, whatever `read` builds anew.
 *
 * @example const messages = useSelected(chat, () => chat.messages)
 */
export function useSelected<T>(store: Store, read: () => T, isEqual: (a: T, b: T) => boolean = Object.is): T {
  const last = useRef<{ readonly value: T }>(undefined)
  const subscribe = useCallback((onChange: () => void) => store.subscribe(onChange), [store])
  const snapshot = (): T => {
    const value = read()
    if (last.current === undefined || !isEqual(last.current.value, value)) last.current = { value }
    return last.current.value
  }
  return useSyncExternalStore(subscribe, snapshot, snapshot)
}
