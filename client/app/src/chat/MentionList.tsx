import type { ReactElement } from 'react'
import { Avatar } from '../people/Avatar.tsx'
import { Name } from '../ui/Name.tsx'
import type { MentionMenu } from './use-mention-menu.ts'

interface MentionListProps {
  readonly menu: MentionMenu
}

/** The people a message can mention, above the composer that has the keyboard. */
export function MentionList({ menu }: MentionListProps): ReactElement {
  return (
    <ul className="mention-list" role="listbox" id={menu.listId} aria-label="People to mention">
      {menu.options.map((user, index) => (
        <li
          key={user.id}
          role="option"
          id={menu.optionId(index)}
          aria-selected={index === menu.active}
          onPointerMove={() => {
            if (index !== menu.active) menu.setActive(index)
          }}
          // the composer keeps the keyboard
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => menu.take(user)}
        >
          <Avatar userId={user.id} color={user.color} />
          <Name className="truncate" name={user.name} />
        </li>
      ))}
    </ul>
  )
}
