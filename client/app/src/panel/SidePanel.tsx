import { useOnlineCount } from '@roomful/react'
import { type KeyboardEvent, type ReactElement, Suspense, useId } from 'react'
import { SheetHandle } from './SheetHandle.tsx'
import type { Sheet } from './use-sheet.ts'
import { lazyPart } from '../ui/lazy-part.ts'

// asked for at once, but not waited for: the board is there first
const loadChat = import('../chat/ChatPanel.tsx')
const ChatPanel = lazyPart(async () => (await loadChat).ChatPanel)
const PeoplePanel = lazyPart(async () => (await import('../people/PeoplePanel.tsx')).PeoplePanel)

export type PanelTab = 'chat' | 'people'
const TABS: readonly PanelTab[] = ['chat', 'people']
const TAB_NAMES: Readonly<Record<PanelTab, string>> = { chat: 'Chat', people: 'People' }

interface SidePanelProps {
  readonly tab: PanelTab
  readonly onTab: (tab: PanelTab) => void
  readonly unread: number
  /** On a phone the panel is a sheet. */
  readonly sheet: Sheet | undefined
}

/** Chat and people, beside the board or, on a phone, in a sheet over it. */
export function SidePanel({ tab, onTab, unread, sheet }: SidePanelProps): ReactElement {
  const id = useId()
  const count = useOnlineCount()

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const next = TABS[(TABS.indexOf(tab) + step + TABS.length) % TABS.length]
    if (step === 0 || next === undefined) return
    event.preventDefault()
    onTab(next)
    event.currentTarget.querySelector<HTMLElement>(`[data-tab="${next}"]`)?.focus()
  }

  return (
    <aside className="panel" aria-label="Side panel" data-sheet={sheet?.height}>
      {sheet !== undefined && <SheetHandle sheet={sheet} />}
      <div className="tabs" role="tablist" aria-label="Side panel" onKeyDown={onKeyDown}>
        {TABS.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            className="tab"
            id={`${id}-${name}`}
            data-tab={name}
            aria-selected={tab === name}
            aria-controls={`${id}-panel`}
            tabIndex={tab === name ? 0 : -1}
            onClick={() => {
              onTab(name)
              sheet?.raise()
            }}
          >
            {TAB_NAMES[name]}
            {name === 'chat' && unread > 0 && (
              <span className="badge" aria-label={`${unread} unread`}>
                {unread > 99 ? '99+' : unread}
              </span>
            )}
            {name === 'people' && <span className="count">{count}</span>}
          </button>
        ))}
      </div>
      <div className="tab-panel" role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${tab}`}>
        <Suspense>{tab === 'chat' ? <ChatPanel /> : <PeoplePanel />}</Suspense>
      </div>
    </aside>
  )
}
