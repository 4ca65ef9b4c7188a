import type { ClosedReason, ConnectionDetail, Pending } from '@roomful/provider'
import { type ReactElement, type ReactNode, useEffect, useState, useSyncExternalStore } from 'react'
import { useStatus, useSyncStatus } from './use-status.ts'

/** A drop shorter than this is nobody's business, ms. */
const SPARED_MS = 2_000

/** What a connection badge shows. */
export interface ConnectionView {
  readonly state: 'connecting' | 'live' | 'reconnecting' | 'offline' | 'closed'
  /** The state in English; the reason where the server has closed. */
  readonly words: string
  readonly pending: Pending
  /** Only while closed by the server. */
  readonly closedReason: ClosedReason | undefined
}

/** How {@link ConnectionStatus} shows the connection; everything is optional. */
export interface ConnectionStatusProps {
  /** What it looks like. Default: the words. */
  readonly children?: (view: ConnectionView) => ReactNode
  readonly className?: string
}

/**
 * How the connection stands, headless: a polite status region with `data-state` and `data-pending`. Connecting, Live,
 * "Reconnecting (3 pending)", Offline when the browser is, and the reason when the server has closed. A drop shorter than
 * 2 s is not mentioned.
 *
 * @example <ConnectionStatus className="badge" />
 * @example <ConnectionStatus>{({ state, words }) => <><Dot state={state} /> {words}</>}</ConnectionStatus>
 */
export function ConnectionStatus({ children, className }: ConnectionStatusProps): ReactElement {
  const detail = useStatus()
  const { pending } = useSyncStatus()
  const isOnline = useSyncExternalStore(subscribeToOnline, readOnline, assumeOnline)
  const isAwayLong = useHeldFor(detail.state === 'reconnecting', SPARED_MS)
  const view = toView(detail, pending, isOnline, isAwayLong)
  return (
    <span
      role="status"
      className={className}
      data-roomful="connection-status"
      data-state={view.state}
      data-pending={pending}
    >
      {children === undefined ? view.words : children(view)}
    </span>
  )
}

function toView(
  { state, closedReason }: ConnectionDetail,
  pending: Pending,
  isOnline: boolean,
  isAwayLong: boolean,
): ConnectionView {
  const facts = { pending, closedReason }
  switch (state) {
    case 'connected':
      return { ...facts, state: 'live', words: 'Live' }
    case 'closed':
      return { ...facts, state: 'closed', words: closedReason?.meaning ?? 'Closed' }
    case 'connecting':
      return isOnline ? { ...facts, state: 'connecting', words: 'Connecting' } : offline(facts)
    case 'reconnecting': {
      if (!isOnline) return offline(facts)
      if (!isAwayLong) return { ...facts, state: 'live', words: 'Live' }
      const waiting = typeof pending === 'number' && pending > 0 ? ` (${pending} pending)` : ''
      return { ...facts, state: 'reconnecting', words: `Reconnecting${waiting}` }
    }
  }
}

function offline(facts: Pick<ConnectionView, 'pending' | 'closedReason'>): ConnectionView {
  return { ...facts, state: 'offline', words: 'Offline' }
}

/** Whether `on` has held for `ms`. */
function useHeldFor(on: boolean, ms: number): boolean {
  const [held, setHeld] = useState(false)
  if (!on && held) setHeld(false)
  useEffect(() => {
    if (!on) return undefined
    const timer = setTimeout(() => setHeld(true), ms)
    return () => clearTimeout(timer)
  }, [on, ms])
  return on && held
}

function subscribeToOnline(onChange: () => void): () => void {
  addEventListener('online', onChange)
  addEventListener('offline', onChange)
  return () => {
    removeEventListener('online', onChange)
    removeEventListener('offline', onChange)
  }
}

const readOnline = (): boolean => navigator.onLine
const assumeOnline = (): boolean => true
