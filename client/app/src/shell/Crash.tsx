import type { ReactElement, ReactNode } from 'react'
import { ErrorBoundary, type FallbackProps } from 'react-error-boundary'

interface CrashGuardProps {
  /** What is guarded, as a person would call it. */
  readonly what: string
  /** The whole page is gone, the top bar included. */
  readonly isPage?: boolean
  readonly children: ReactNode
}

/**
 * Holds what throws while it is drawn: the rest of the page goes on, and so do document and connection, which no view owns.
 *
 * @example <CrashGuard what="board"><Board /></CrashGuard>
 */
export function CrashGuard({ what, isPage = false, children }: CrashGuardProps): ReactElement {
  const fallback = ({ resetErrorBoundary }: FallbackProps): ReactElement => (
    <section
      className="crash"
      role="alert"
      aria-label={`The ${what} has stopped`}
      data-page={isPage || undefined}
    >
      <div className="crash-card">
        <h2>The {what} has stopped</h2>
        <p>Something went wrong while drawing it. Your work is kept.</p>
        <div className="actions">
          <button type="button" className="button primary" onClick={() => location.reload()}>
            Reload
          </button>
          <button type="button" className="button quiet" onClick={resetErrorBoundary}>
            Show it again
          </button>
        </div>
      </div>
    </section>
  )
  return <ErrorBoundary fallbackRender={fallback}>{children}</ErrorBoundary>
}
