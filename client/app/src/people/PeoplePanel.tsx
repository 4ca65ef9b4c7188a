import { useOthers } from '@roomful/react'
import { Link2 } from 'lucide-react'
import type { ReactElement } from 'react'
import { copyRoomLink } from '../shell/copy-link.ts'
import { PeopleList } from './PeopleList.tsx'

/** The side panel's list of people, and how to get more. */
export function PeoplePanel(): ReactElement {
  const alone = useOthers((others) => others.length === 0)
  return (
    <>
      <PeopleList />
      <div className="people-foot">
        {alone ? 'Nobody else is here yet.' : 'Anybody with the link can join.'}
        <button type="button" className="button quiet" onClick={() => void copyRoomLink()}>
          <Link2 size={16} aria-hidden /> Copy link
        </button>
      </div>
    </>
  )
}
