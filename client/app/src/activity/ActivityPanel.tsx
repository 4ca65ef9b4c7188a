import { useActivity, useOthers } from '@roomful/react'
import { Footprints, Link2 } from 'lucide-react'
import type { ReactElement } from 'react'
import { copyRoomLink } from '../shell/copy-link.ts'
import { ActivityList } from './ActivityList.tsx'
import '../styles/activity.css'

/** Who came and who went while this page was open. */
export function ActivityPanel(): ReactElement {
  const entries = useActivity()
  if (entries.length === 0) return <ActivityEmpty />
  return (
    <>
      <ActivityList entries={entries} />
      <p className="activity-foot">Since you opened this room, newest first</p>
    </>
  )
}

function ActivityEmpty(): ReactElement {
  const alone = useOthers((others) => others.length === 0)
  return (
    <div className="activity-empty">
      <Footprints size={24} strokeWidth={1.6} aria-hidden />
      <b>Nobody came or went yet</b>
      <p>
        {alone
          ? 'You are alone here. Send somebody the link, and you will see here when they join.'
          : 'Who joins or leaves from now on stands here. Bring one more in?'}
      </p>
      <button type="button" className="button quiet" onClick={() => void copyRoomLink()}>
        <Link2 size={16} aria-hidden /> Copy link
      </button>
    </div>
  )
}
