import { type KeptAside, listKeptAside, readKeptAside } from '@roomful/provider'
import type { RoomName } from '@roomful/shared'
import { useEffect, useState } from 'react'
import * as Y from 'yjs'
import { toast } from '../ui/toast.ts'
import { copyText } from './copy-link.ts'
import { roomText } from './room-text.ts'
import { serverUrl } from './server-url.ts'

/** The copies this device keeps aside of a room; `undefined` until they are known. */
export function useKeptAside(room: RoomName): readonly KeptAside[] | undefined {
  const [copies, setCopies] = useState<readonly KeptAside[]>()
  useEffect(() => {
    let isCurrent = true
    listKeptAside(serverUrl(), room).then(
      (found) => {
        if (isCurrent) setCopies(found)
      },
      () => {
        // IndexedDB is refused: nothing was kept
        if (isCurrent) setCopies([])
      },
    )
    return () => {
      isCurrent = false
    }
  }, [room])
  return copies
}

/** Puts the text of a copy on the clipboard, and says whether that went well. */
export async function copyKeptAside(from: KeptAside): Promise<void> {
  try {
    const doc = new Y.Doc()
    Y.applyUpdate(doc, await readKeptAside(from))
    const isCopied = await copyText(roomText(doc))
    toast(isCopied ? 'Text copied' : 'The text could not be copied', isCopied ? 'plain' : 'error')
    doc.destroy()
  } catch {
    // IndexedDB fails, or the copy is gone
    toast('This copy cannot be read', 'error')
  }
}
