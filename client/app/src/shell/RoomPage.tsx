import { RoomProvider, useRoom, useStatus } from '@roomful/react'
import type { Notice, RoomName } from '@roomful/shared'
import { type ReactElement, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { Board } from '../board/Board.tsx'
import { useFaviconBadge } from '../chat/use-favicon-badge.ts'
import { useChatInSight, useUnread } from '../chat/use-unread.ts'
import { tokenFor } from '../door/room-token.ts'
import { useCanWrite } from '../door/use-can-write.ts'
import { useNewToken } from '../door/use-new-token.ts'
import { KeyboardShortcuts } from '../keys/KeyboardShortcuts.tsx'
import { usePanelLink } from '../links/use-panel-link.ts'
import { panel, usePanel } from '../panel/panel-store.ts'
import { SidePanel } from '../panel/SidePanel.tsx'
import { useSheet } from '../panel/use-sheet.ts'
import { useIdentity } from '../people/identity.ts'
import { useFreeColor } from '../people/use-free-color.ts'
import { toast } from '../ui/toast.ts'
import { PHONE, useMedia } from '../ui/use-media.ts'
import { BoardSkeleton } from './BoardSkeleton.tsx'
import { hasComeApart, noteComeApart, subscribeComeApart } from './come-apart.ts'
import { ConnectionBanner } from './ConnectionBanner.tsx'
import { CrashGuard } from './Crash.tsx'
import { JoinProgress } from './JoinProgress.tsx'
import { rememberRoom } from './recent-rooms.ts'
import { pageTitle } from './room-title.ts'
import { serverUrl } from './server-url.ts'
import { TopBar } from './TopBar.tsx'
import { withPart } from '../ui/fetch-part.ts'
import { lazyPart } from '../ui/lazy-part.tsx'

const Announcer = lazyPart(async () => (await import('../announce/Announcer.tsx')).Announcer)
const ClosedNotice = lazyPart(async () => (await import('./ClosedNotice.tsx')).ClosedNotice)
const ComeApart = lazyPart(async () => (await import('./ComeApart.tsx')).ComeApart)

interface RoomPageProps {
  readonly room: RoomName
}

/** A room by its name: joined while this is on the page. */
export function RoomPage({ room }: RoomPageProps): ReactElement {
  const identity = useIdentity()
  // asked before the tab closes only while something is neither on the server nor on this device
  const options = useMemo(() => ({ warnOnUnsynced: true, token: () => tokenFor(room) }), [room])
  return (
    <RoomProvider key={room} serverUrl={serverUrl()} room={room} identity={identity} options={options}>
      <RoomView room={room} />
    </RoomProvider>
  )
}

function RoomView({ room }: RoomPageProps): ReactElement {
  const { provider } = useRoom()
  const canWrite = useCanWrite()
  const closed = useStatus().state === 'closed'
  const phone = useMedia(PHONE)
  const sheet = useSheet()
  const { isOpen: wideOpen, tab } = usePanel()
  const visible = usePageVisible()
  const panelOpen = phone || wideOpen
  const chatInSight = visible && tab === 'chat' && (phone ? sheet.height !== 'low' : wideOpen)
  const unread = useUnread().count
  useChatInSight(chatInSight)
  useFaviconBadge(unread > 0)
  useNewToken(provider)
  usePanelLink()
  useFreeColor()
  const cameApart = useSyncExternalStore(subscribeComeApart, () => hasComeApart(room))

  useEffect(() => rememberRoom(room), [room])
  useEffect(() => {
    document.title = pageTitle(room, unread)
  }, [room, unread])
  useEffect(() => {
    const onNotice = ({ code }: Notice): void => {
      withPart(
        () => import('./notice-words.ts'),
        ({ noticeWords }) => {
          const words = noticeWords(code)
          if (words !== undefined) toast(words, 'error')
        },
      )
    }
    const onDiverged = (): void => noteComeApart(room)
    provider.on('notice', onNotice)
    provider.on('diverged', onDiverged)
    return () => {
      provider.off('notice', onNotice)
      provider.off('diverged', onDiverged)
    }
  }, [provider, room])

  // the sheet at full height leaves no board to speak of: the view stays as it was at half
  const coveredPx = phone && !sheet.pulled && sheet.height !== 'full' ? sheet.px : undefined
  const covered = useLast(coveredPx ?? 0, coveredPx !== undefined || !phone)

  return (
    <div className="app" style={phone ? { '--sheet-height': `${sheet.px}px` } : undefined}>
      <a className="skip-link" href="#board">
        Skip to the board
      </a>
      <TopBar room={room} panelOpen={wideOpen} onTogglePanel={() => panel.toggle()} />
      <main className="room-main" inert={closed} data-panel={panelOpen ? 'open' : 'closed'} data-tab={tab}>
        <CrashGuard what="board">
          <Board coveredPx={covered} readOnly={!canWrite} />
        </CrashGuard>
        <BoardSkeleton />
        <JoinProgress />
        <ConnectionBanner />
        {cameApart && <ComeApart room={room} />}
        {panelOpen && (
          <CrashGuard what="side panel">
            <SidePanel sheet={phone ? sheet : undefined} />
          </CrashGuard>
        )}
      </main>
      <Announcer />
      <KeyboardShortcuts room={room} />
      {closed && <ClosedNotice />}
    </div>
  )
}

/** The latest `value` of a time when it was `valid`. */
function useLast<T>(value: T, valid: boolean): T {
  const [last, setLast] = useState(value)
  if (valid && value !== last) setLast(value)
  return valid ? value : last
}

function usePageVisible(): boolean {
  return useSyncExternalStore(
    (onChange) => {
      document.addEventListener('visibilitychange', onChange)
      return () => document.removeEventListener('visibilitychange', onChange)
    },
    () => !document.hidden,
  )
}
