import { discardKeptAside, type KeptAside } from '@roomful/provider'
import type { RoomName } from '@roomful/shared'
import { type ReactElement, useState } from 'react'
import { toast } from '../ui/toast.ts'
import { copyKeptAside, useKeptAside } from './use-kept-aside.ts'

interface KeptAsideCopiesProps {
  readonly room: RoomName
}

/** What this device kept of the room from before it was deleted, or came apart from the server's: to copy or to discard. */
export function KeptAsideCopies({ room }: KeptAsideCopiesProps): ReactElement | null {
  const found = useKeptAside(room)
  const [gone, setGone] = useState<ReadonlySet<KeptAside>>(new Set())
  const copies = found?.filter((one) => !gone.has(one)) ?? []

  const discard = async (one: KeptAside): Promise<void> => {
    await discardKeptAside(one)
    setGone((all) => new Set([...all, one]))
  }
  const failed = (): void => toast('This copy cannot be read', 'error')

  if (copies.length === 0) return null
  return (
    <div className="switcher-foot" role="group" aria-label="Kept from before">
      <p>
        This room was begun anew. {copies.length === 1 ? 'A copy' : `${copies.length} copies`} from before{' '}
        {copies.length === 1 ? 'is' : 'are'} kept on this device.
      </p>
      {copies.map((one) => (
        <div key={one.name} className="actions">
          <button type="button" className="button quiet" onClick={() => void copyKeptAside(one)}>
            Copy its text
          </button>
          <button type="button" className="button quiet" onClick={() => void discard(one).catch(failed)}>
            Discard
          </button>
        </div>
      ))}
    </div>
  )
}
