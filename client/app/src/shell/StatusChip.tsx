import { useRoom, useStatus, useSyncStatus } from '@roomful/react'
import { Check, CloudOff, Eye, LoaderCircle, Lock, type LucideIcon, Radio, Unplug } from 'lucide-react'
import { type ReactElement, useEffect, useState } from 'react'
import { Popover } from '../ui/Popover.tsx'
import type { StatusView } from './status-view.ts'
import { useStatusView } from './use-status-view.ts'
import { lazyPart } from '../ui/lazy-part.tsx'

const StatusDetails = lazyPart(async () => (await import('./StatusDetails.tsx')).StatusDetails)

const SHAPES: Readonly<Record<StatusView['shape'], LucideIcon>> = {
  check: Check,
  live: Radio,
  spinner: LoaderCircle,
  broken: Unplug,
  'cloud-off': CloudOff,
  closed: Lock,
  eye: Eye,
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
