import { discardKeptAside, type KeptAside, listKeptAside, readKeptAside } from '@roomful/provider'
import type { RoomName } from '@roomful/shared'
import { type ReactElement, useEffect, useState } from 'react'
import * as Y from 'yjs'
import { toast } from '../ui/toast.ts'
import { copyText } from './copy-link.ts'
import { roomText } from './room-text.ts'
import { serverUrl } from './server-url.ts'

interface KeptAsideCopiesProps {
  readonly room: RoomName
}

/** What this device kept of the room's earlier lives, which were deleted on the server: to copy or to discard. */
export function KeptAsideCopies({ room }: KeptAsideCopiesProps): ReactElement | null {
  const [copies, setCopies] = useState<readonly KeptAside[]>([])
  useEffect(() => {
    let isCurrent = true
    listKeptAside(serverUrl(), room).then(
      (found) => {
        if (isCurrent) setCopies(found)
      },
      () => {
        // IndexedDB is refused: nothing was kept
      },
    )
    return () => {
      isCurrent = false
    }
  }, [room])

  const copy = async (from: KeptAside): Promise<void> => {
    const doc = new Y.Doc()
    Y.applyUpdate(doc, await readKeptAside(from))
    const isCopied = await copyText(roomText(doc))
    toast(isCopied ? 'Text copied' : 'The text could not be copied', isCopied ? 'plain' : 'error')
    doc.destroy()
  }
  const discard = async (gone: KeptAside): Promise<void> => {
    await discardKeptAside(gone)
    setCopies((all) => all.filter((one) => one !== gone))
  }
  const failed = (): void => toast('This copy cannot be read', 'error')

  if (copies.length === 0) return null
  return (
    <div className="switcher-foot" role="group" aria-label="Kept from before">
      <p>
        This room was deleted and begun anew. {copies.length === 1 ? 'A copy' : `${copies.length} copies`}{' '}
        from before {copies.length === 1 ? 'is' : 'are'} kept on this device.
      </p>
      {copies.map((one) => (
        <div key={one.name} className="actions">
          <button type="button" className="button quiet" onClick={() => void copy(one).catch(failed)}>
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
