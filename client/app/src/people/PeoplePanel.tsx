import { useOthers } from '@roomful/react'
import { Link2 } from 'lucide-react'
import type { ReactElement } from 'react'
import { copyRoomLink } from '../shell/copy-link.ts'
import { CursorToggles } from './CursorToggles.tsx'
import { PeopleList } from './PeopleList.tsx'

/** The side panel's list of people, and how to get more. */
export function PeoplePanel(): ReactElement {
  const alone = useOthers((others) => others.length === 0)
  return (
    <div className="people-panel">
      <PeopleList />
      <div className="people-foot">
        <CursorToggles />
        <p>{alone ? 'Nobody else is here yet.' : 'Anybody with the link can join.'}</p>
        <button type="button" className="button quiet" onClick={() => void copyRoomLink()}>
          <Link2 size={16} aria-hidden /> Copy link
        </button>
      </div>
    </div>
  )
}
