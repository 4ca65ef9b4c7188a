import { useCallback, useRef, useSyncExternalStore } from 'react'

/** Subscribes to a store; returns how to stop. */
export type Subscribe = (onChange: () => void) => () => void

/**
 * Reads a value out of a store and renders again only when it differs, by `isEqual`. The value keeps its reference as
 * long as it is equal, whatever `read` builds anew.
 */
export function useSelected<T>(
  subscribe: Subscribe,
  read: () => T,
  isEqual: (a: T, b: T) => boolean = Object.is,
): T {
  const last = useRef<{ readonly value: T }>(undefined)
  const snapshot = useCallback(() => {
    const value = read()
    if (last.current === undefined || !isEqual(last.current.value, value)) last.current = { value }
    return last.current.value
  }, [read, isEqual])
  return useSyncExternalStore(subscribe, snapshot, snapshot)
}
