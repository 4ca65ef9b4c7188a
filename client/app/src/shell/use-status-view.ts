import { useStatus, useSyncStatus } from '@roomful/react'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { type StatusView, statusView } from './status-view.ts'

/** A drop shorter than this is not mentioned … */
const AWAY_MS = 2_000
/** … and one shorter than this gets no banner. */
export const BANNER_MS = 3_000
/** Longer than this, "Saving…" becomes a number. */
const PENDING_MS = 2_000
/** So long "Saving…" stays at least: a drag acknowledges twenty times a second. */
const SETTLE_MS = 600

/** The status words for the chip, with the patience that keeps them from flickering. */
export function useStatusView(): StatusView {
  const { state, durability, permission } = useStatus()
  const { pending } = useSyncStatus()
  const online = useOnline()
  const awayLong = useHeldFor(state === 'reconnecting', AWAY_MS)
  const waiting = pending !== 'unknown' && pending > 0
  const pendingLong = useHeldFor(waiting, PENDING_MS)
  // never early: what is unacknowledged shows at once, only the good news waits
  const settling = useLinger(waiting && state === 'connected', SETTLE_MS)
  return statusView({
    connection: state,
    pending: settling && pending === 0 ? 1 : pending,
    durability,
    online,
    awayLong,
    pendingLong,
    readOnly: permission === 'read',
  })
}

/** `navigator.onLine`, followed. */
export function useOnline(): boolean {
  return useSyncExternalStore(subscribeOnline, () => navigator.onLine)
}

function subscribeOnline(onChange: () => void): () => void {
  window.addEventListener('online', onChange)
  window.addEventListener('offline', onChange)
  return () => {
    window.removeEventListener('online', onChange)
    window.removeEventListener('offline', onChange)
  }
}

/** Whether `fact` has held for `ms` without a break. */
export function useHeldFor(fact: boolean, ms: number): boolean {
  const [held, setHeld] = useState(false)
  useEffect(() => {
    if (!fact) return
    const timer = setTimeout(() => setHeld(true), ms)
    return () => {
      clearTimeout(timer)
      setHeld(false)
    }
  }, [fact, ms])
  return fact && held
}

/** `fact`, staying true for `ms` after it ended. */
function useLinger(fact: boolean, ms: number): boolean {
  const [everTrue, setEverTrue] = useState(fact)
  const over = useHeldFor(!fact, ms)
  if (fact && !everTrue) setEverTrue(true)
  return fact || (everTrue && !over)
}
