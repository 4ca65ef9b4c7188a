import { useRoom, useStatus, useSyncStatus } from '@roomful/react'
import { Check, CloudOff, LoaderCircle, Lock, type LucideIcon, Radio, Unplug } from 'lucide-react'
import { type ReactElement, useEffect, useState } from 'react'
import { Popover } from '../ui/Popover.tsx'
import { durabilityText, type StatusView, unsynced } from './status-view.ts'
import { useStatusView } from './use-status-view.ts'

const SHAPES: Readonly<Record<StatusView['shape'], LucideIcon>> = {
  check: Check,
  live: Radio,
  spinner: LoaderCircle,
  broken: Unplug,
  'cloud-off': CloudOff,
  closed: Lock,
}

/** Connection and changes in two words; pressed, the details. */
export function StatusChip(): ReactElement {
  const status = useStatusView()
  const { state, retryAt } = useStatus()
  const { pending } = useSyncStatus()
  const { provider } = useRoom()
  const Shape = SHAPES[status.shape]
  return (
    <>
      <Popover
        label="Connection"
        className="status-details"
        button={(button) => (
          <button
            type="button"
            {...button}
            className="status"
            title={status.detail}
            data-tone={status.tone}
            data-connection={state}
            data-pending={pending}
          >
            <Shape
              size={14}
              strokeWidth={2}
              className={status.shape === 'spinner' ? 'spin' : undefined}
              aria-hidden
            />
            <span className="word">{status.word}</span>
          </button>
        )}
      >
        <StatusDetails status={status} />
      </Popover>
      <span className="sr-only" role="status">
        {status.word}
      </span>
      {status.shape === 'broken' && (
        <button type="button" className="retry wide-only" onClick={() => provider.retryNow()}>
          <RetryWords retryAt={retryAt} />
        </button>
      )}
    </>
  )
}

interface RetryWordsProps {
  readonly retryAt: number | undefined
}

function RetryWords({ retryAt }: RetryWordsProps): ReactElement {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500)
    return () => clearInterval(timer)
  }, [])
  const seconds = retryAt === undefined ? 0 : Math.ceil((retryAt - now) / 1_000)
  return <>{seconds > 0 ? `in ${seconds} s · Retry now` : 'Retry now'}</>
}

interface StatusDetailsProps {
  readonly status: StatusView
}

function StatusDetails({ status }: StatusDetailsProps): ReactElement {
  const { state, durability, rttMs, instanceId } = useStatus()
  const { pending, localCopy } = useSyncStatus()
  const { provider } = useRoom()
  const saved = durabilityText(durability)
  return (
    <>
      <h2>{status.word}</h2>
      <p>{status.detail}</p>
      {saved !== status.detail && state === 'connected' && <p>{saved}</p>}
      <dl>
        <dt>On this device</dt>
        <dd>{localCopy === 'kept' ? 'kept' : localCopy === 'loading' ? 'loading' : 'not kept'}</dd>
        <dt>Changes</dt>
        <dd>{pending === 'unknown' ? 'unknown' : pending === 0 ? 'all acknowledged' : unsynced(pending)}</dd>
        {rttMs !== undefined && (
          <>
            <dt>Round trip</dt>
            <dd>{rttMs < 1 ? '< 1' : Math.round(rttMs)} ms</dd>
          </>
        )}
        {instanceId !== undefined && (
          <>
            <dt>Server</dt>
            <dd>{instanceId}</dd>
          </>
        )}
      </dl>
      {state === 'reconnecting' && (
        <button type="button" className="button quiet" onClick={() => provider.retryNow()}>
          Retry now
        </button>
      )}
    </>
  )
}
