import { useEffect } from 'react'
import { openPanel } from '../panel/panel-store.ts'
import { useLinkRequest } from './page-links.ts'

/** A link to a message opens the chat, which shows it. */
export function usePanelLink(): void {
  const request = useLinkRequest('message')
  useEffect(() => {
    if (request !== undefined) openPanel('chat')
  }, [request])
}
