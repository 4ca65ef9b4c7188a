import { withPart } from './fetch-part.ts'

/** What a toast offers to do about what it says. */
export interface ToastAction {
  readonly label: string
  readonly run: () => void
}

/**
 * Says something that needs no answer, or offers one. The toaster is fetched with the first word it has to say.
 *
 * @example toast('Message deleted', 'plain', { label: 'Undo', run: () => chat.restore(message) })
 */
export function toast(message: string, kind: 'plain' | 'error' = 'plain', action?: ToastAction): void {
  withPart(
    () => import('./toaster.tsx'),
    ({ showToast }) => showToast(message, kind, action),
  )
}
