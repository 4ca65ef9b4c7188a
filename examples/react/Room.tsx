import {
  type CursorOwner,
  Cursors,
  type CursorSpace,
  useChat,
  useMyPresence,
  useOthers,
  useSelf,
  useStatus,
  useSyncStatus,
  useTyping,
} from '@roomful/react'
import { type FormEvent, type PointerEvent, type ReactElement, type ReactNode, useRef, useState } from 'react'

/** A room on one page: who is here, their cursors, a chat. */
export function Room(): ReactElement {
  return (
    <>
      <Header />
      <main>
        <Plane />
        <Chat />
      </main>
    </>
  )
}

function Header(): ReactElement {
  const self = useSelf()
  const others = useOthers()
  const { state } = useStatus()
  const { pending } = useSyncStatus()
  return (
    <header>
      <strong aria-live="polite">{[self?.name, ...others.map(({ user }) => user.name)].join(', ')}</strong>
      <span role="status">{pending === 0 ? state : `${pending} unsaved`}</span>
    </header>
  )
}

/** A plane of 1,000 x 1,000 units as large as its element: cursors are 0..1 of it. */
function Plane(): ReactElement {
  const element = useRef<HTMLDivElement>(null)
  const setPresence = useMyPresence()
  const [space] = useState<CursorSpace>(() => ({
    width: 1_000,
    height: 1_000,
    project: (x, y) => ({
      x: (x / 1_000) * (element.current?.clientWidth ?? 0),
      y: (y / 1_000) * (element.current?.clientHeight ?? 0),
    }),
    subscribe: (onChange) => {
      window.addEventListener('resize', onChange)
      return () => window.removeEventListener('resize', onChange)
    },
  }))
  const onPointerMove = ({ currentTarget, clientX, clientY }: PointerEvent<HTMLDivElement>): void => {
    const box = currentTarget.getBoundingClientRect()
    setPresence({ pointer: { x: (clientX - box.x) / box.width, y: (clientY - box.y) / box.height } })
  }
  return (
    <div
      ref={element}
      className="plane"
      onPointerMove={onPointerMove}
      onPointerLeave={() => setPresence({ pointer: null })}
    >
      <Cursors space={space} cursorClassName="cursor">
        {label}
      </Cursors>
    </div>
  )
}

const label = ({ user }: CursorOwner): ReactNode => (
  <span style={{ background: user.color }}>{user.name}</span>
)

function Chat(): ReactElement {
  const { messages, chat } = useChat()
  const [typing, setTyping] = useTyping()
  const [draft, setDraft] = useState('')
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault()
    if (chat.send(draft) !== undefined) setDraft('')
  }
  return (
    <section aria-label="Chat">
      <ol role="log" aria-label="Messages">
        {messages.map(({ id, name, color, text }) => (
          <li key={id}>
            <b style={{ color }}>{name}</b> {text}
          </li>
        ))}
      </ol>
      <p>{typing.length > 0 && `${typing.map((user) => user.name).join(', ')} typing…`}</p>
      <form onSubmit={onSubmit}>
        <input
          value={draft}
          aria-label="Message"
          placeholder="Say something"
          maxLength={2000}
          onChange={({ target }) => {
            setDraft(target.value)
            setTyping(target.value !== '')
          }}
        />
        <button>Send</button>
      </form>
    </section>
  )
}
