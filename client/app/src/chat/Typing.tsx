import { useTyping } from '@roomful/react'
import type { ReactElement } from 'react'
import { Name } from '../ui/Name.tsx'
import { typingLine, type TypingLine } from './typing-line.ts'

/** Who else is writing. The line keeps its place when nobody is, so that nothing jumps. */
export function Typing(): ReactElement {
  const [typing] = useTyping()
  const line = typingLine(typing.map((user) => user.name))
  return (
    <div className="typing" aria-live="polite">
      {line !== undefined && (
        <>
          <span className="dots" aria-hidden>
            <i />
            <i />
            <i />
          </span>
          <span className="words truncate">
            <Words line={line} />
          </span>
        </>
      )}
    </div>
  )
}

interface WordsProps {
  readonly line: TypingLine
}

function Words({ line }: WordsProps): ReactElement {
  switch (line.kind) {
    case 'one':
      return (
        <>
          <Name name={line.name} /> is typing
        </>
      )
    case 'two':
      return (
        <>
          <Name name={line.first} /> and <Name name={line.second} /> are typing
        </>
      )
    case 'several':
      return <>Several people are typing</>
  }
}
