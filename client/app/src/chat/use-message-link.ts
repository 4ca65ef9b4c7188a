import { useEffect } from 'react'
import { highlight } from '../links/highlight.ts'
import { pageLinks, useComplete, useLinkRequest } from '../links/page-links.ts'
import { toast } from '../ui/toast.ts'
import type { ChatRow } from './chat-rows.ts'
import type { RowFocus } from './use-row-focus.ts'

/** Follows links to messages: the row comes into sight, lights up and has the focus; one that is gone says so. */
export function useMessageLink(rows: readonly ChatRow[], show: RowFocus['show']): void {
  const request = useLinkRequest('message')
  const complete = useComplete()
  useEffect(() => {
    if (request === undefined) return
    if (show(request.target.id, 'center', highlight)) pageLinks.settle(request)
    else if (complete) {
      pageLinks.settle(request)
      toast('That message was deleted')
    }
  }, [request, complete, rows, show])
}
