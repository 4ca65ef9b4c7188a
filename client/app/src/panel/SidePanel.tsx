import { useOnlineCount } from '@roomful/react'
import { type ComponentType, type KeyboardEvent, type ReactElement, useEffect, useId, useRef } from 'react'
import { UnreadBadge } from '../chat/UnreadBadge.tsx'
import { PanelFocus } from './PanelFocus.tsx'
import { openPanel, PANEL_TABS, type PanelTab, usePanel } from './panel-store.ts'
import { SheetHandle } from './SheetHandle.tsx'
import { nextTab } from './tab-keys.ts'
import type { Sheet } from './use-sheet.ts'
import { fetchPart } from '../ui/fetch-part.ts'
import { lazyPart } from '../ui/lazy-part.tsx'

// asked for at once, but not waited for: the board is there first
const loadChat = fetchPart(() => import('../chat/ChatPanel.tsx'))
const PANELS = {
  chat: panelPart(async () => (await loadChat).ChatPanel),
  people: panelPart(async () => (await import('../people/PeoplePanel.tsx')).PeoplePanel),
  activity: panelPart(async () => (await import('../activity/ActivityPanel.tsx')).ActivityPanel),
  note: panelPart(async () => (await import('../note/NotePanel.tsx')).NotePanel),
} as const

const TAB_NAMES: Readonly<Record<PanelTab, string>> = {
  chat: 'Chat',
  people: 'People',
  activity: 'Activity',
  note: 'Note',
}

interface SidePanelProps {
  /** On a phone the panel is a sheet. */
  readonly sheet: Sheet | undefined
}

/** Chat, people, activity and note, beside the board or, on a phone, in a sheet over it. */
export function SidePanel({ sheet }: SidePanelProps): ReactElement {
  const id = useId()
  const count = useOnlineCount()
  const { tab, asked } = usePanel()
  const raise = sheet?.raise
  const answered = useRef(asked)
  const Panel = PANELS[tab]

  useEffect(() => {
    if (asked === answered.current) return
    answered.current = asked
    raise?.(tab === 'note' ? 'full' : 'half')
  }, [asked, tab, raise])

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const isRtl = getComputedStyle(event.currentTarget).direction === 'rtl'
    const next = nextTab(PANEL_TABS, tab, event.key, isRtl)
    if (next === undefined) return
    event.preventDefault()
    openPanel(next)
    event.currentTarget.querySelector<HTMLElement>(`[data-tab="${next}"]`)?.focus()
  }

  return (
    <aside className="panel" aria-label="Side panel" data-sheet={sheet?.height}>
      {sheet !== undefined && <SheetHandle sheet={sheet} />}
      <div className="tabs" role="tablist" aria-label="Side panel" onKeyDown={onKeyDown}>
        {PANEL_TABS.map((name) => (
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
            onClick={() => openPanel(name)}
          >
            {TAB_NAMES[name]}
            {name === 'chat' && <UnreadBadge />}
            {name === 'people' && <span className="count">{count}</span>}
          </button>
        ))}
      </div>
      <div className="tab-panel" role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${tab}`}>
        <Panel asked={asked} />
      </div>
    </aside>
  )
}

/** What stands in a tab, with what brings the keyboard there: once there is something to bring it to. */
function panelPart(load: () => Promise<ComponentType>): ComponentType<{ asked: number }> {
  return lazyPart(async () => {
    const Content = await load()
    return ({ asked }) => (
      <>
        <Content />
        <PanelFocus asked={asked} />
      </>
    )
  })
}
