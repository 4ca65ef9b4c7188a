import { useNoteEditors } from '@roomful/react'
import type { ReactElement } from 'react'
import { Avatar } from '../people/Avatar.tsx'
import { Name } from '../ui/Name.tsx'
import { editingLine } from './editing-line.ts'

interface EditorListProps {
  /** Somebody's place was asked for, as an index of the text. */
  readonly onGo: (index: number) => void
}

/** How many others write here, and where each of them is; a press goes there. */
export function EditorList({ onGo }: EditorListProps): ReactElement {
  const editors = useNoteEditors()
  return (
    <div className="note-editors">
      <p>{editingLine(editors.length)}</p>
      {editors.length > 0 && (
        <ul aria-label="Others editing the note">
          {editors.map(({ person, line, column, index }) => (
            <li key={person.id} data-editor-user={person.id}>
              <button
                type="button"
                aria-label={`${person.name}, line ${line}, column ${column}: go there`}
                title={`${person.name}, line ${line}, column ${column}: go there`}
                style={{ '--person': person.color }}
                onClick={() => onGo(index)}
              >
                <Avatar userId={person.id} color={person.color} />
                <Name className="truncate" name={person.name} />
                <span className="note-at" aria-hidden>
                  {line}:{column}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
