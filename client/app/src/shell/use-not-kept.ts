import { useSyncStatus } from '@roomful/react'
import { useEffect } from 'react'
import { toast } from '../ui/toast.ts'

let isTold = false

/** Says once in the life of a page that its rooms are not kept on this device; the badge's details say it for as long as it is so. */
export function useNotKept(): void {
  const { localCopy } = useSyncStatus()
  useEffect(() => {
    if (localCopy !== 'unavailable' || isTold) return
    isTold = true
    toast('Your browser keeps no copy of this room: leave the tab open until changes are saved', 'plain', {
      label: 'OK',
      run: () => {},
    })
  }, [localCopy])
}
