import { createRoot } from 'react-dom/client'
import { toast, Toaster } from 'sonner'
import type { ToastAction } from './toast.ts'

/** What offers something to do stays long enough to be read, reached and pressed. */
const ACTION_MS = 10_000

let mounted = false

/** Shows a toast; the first one mounts the toaster outside the app's own tree. */
export function showToast(message: string, kind: 'plain' | 'error', action?: ToastAction): void {
  if (!mounted) {
    mounted = true
    const host = document.createElement('div')
    document.body.append(host)
    createRoot(host).render(
      <Toaster
        position="bottom-center"
        offset={84}
        mobileOffset={{ top: 68 }}
        toastOptions={{
          style: {
            background: 'var(--surface)',
            color: 'var(--text)',
            border: '1px solid var(--line)',
            boxShadow: 'var(--shadow-3)',
            fontFamily: 'var(--font)',
          },
          actionButtonStyle: { background: 'var(--accent-soft)', color: 'var(--accent-text)' },
        }}
      />,
    )
  }
  const options =
    action === undefined
      ? {}
      : { duration: ACTION_MS, action: { label: action.label, onClick: () => act(action) } }
  if (kind === 'error') toast.error(message, options)
  else toast(message, options)
}

/**
 * sonner keeps where the focus was, and gives it back when the toast has faded, or takes it from whoever has gone on by
 * then. Leaving the toast at once makes it do so now.
 */
function act({ run }: ToastAction): void {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
  run()
}
