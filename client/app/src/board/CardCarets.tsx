import { useCardText, useRoom } from '@roomful/react'
import { type ReactElement, useLayoutEffect, useRef, useSyncExternalStore } from 'react'
import { Name } from '../ui/Name.tsx'
import type { CardPartProps } from './card-parts.ts'
import { measureCaret } from './caret-geometry.ts'
import { caretRange, type RemoteCaret, remoteCaretsOf } from './remote-carets.ts'

/** Who else writes in a card: a caret with a name, and what they have selected, over the letters where they are. */
export function CardCarets({ card }: CardPartProps): ReactElement | null {
  const { provider } = useRoom()
  const store = remoteCaretsOf(provider.awareness)
  const carets = useSyncExternalStore(store.subscribe, () => store.of(card.id))
  useCardText(card)
  const layer = useRef<HTMLDivElement>(null)

  // at each render: opening the card, its text, its size, whatever moves letters moves carets
  useLayoutEffect(() => {
    const node = layer.current
    const paper = node?.parentElement
    if (!node || !paper) return undefined
    const place = (): void => carets.forEach((caret) => placeCaret(node, paper, caret, card.text))
    place()
    // the card wraps its text anew when it is opened for writing, resized, or gets its font
    const observer = new ResizeObserver(place)
    observer.observe(paper)
    const field = paper.querySelector('textarea, .card-text')
    field?.addEventListener('scroll', place)
    return () => {
      observer.disconnect()
      field?.removeEventListener('scroll', place)
    }
  })

  if (carets.length === 0) return null
  return (
    <div ref={layer} className="carets" aria-hidden>
      {carets.map(({ clientId, user }) => (
        <div
          key={clientId}
          data-caret={clientId}
          data-caret-user={user.id}
          style={{ '--person': user.color }}
        >
          <div className="caret-selection" />
          <div className="caret">
            <span>
              <Name name={user.name} />
            </span>
          </div>
        </div>
      ))}
    </div>
  )
}

function placeCaret(
  layer: HTMLElement,
  paper: HTMLElement,
  remote: RemoteCaret,
  text: Parameters<typeof caretRange>[1],
): void {
  const element = layer.querySelector<HTMLElement>(`[data-caret="${remote.clientId}"]`)
  const caret = element?.querySelector<HTMLElement>('.caret')
  const selection = element?.querySelector<HTMLElement>('.caret-selection')
  if (!element || !caret || !selection) return
  const field = paper.querySelector<HTMLElement>('textarea')
  // while this card is written here, a hidden copy lies under the field letter by letter
  const root = paper.querySelector<HTMLElement>(field === null ? '.card-text' : '.measure')
  const range = caretRange(remote, text)
  const box = range === undefined || root === null ? undefined : measureCaret(root, paper, range)
  element.hidden = box === undefined
  if (box === undefined) return
  const scrolled = field?.scrollTop ?? 0
  const { x, y, height } = box.caret
  caret.style.transform = `translate(${x}px, ${y - scrolled}px)`
  caret.style.height = `${height + 2}px`
  caret.toggleAttribute('data-flip', x > paper.offsetWidth * 0.6)
  element.hidden = y - scrolled < 0 || y - scrolled > paper.offsetHeight - height / 2
  selection.replaceChildren(
    ...box.selected.map((rect) => {
      const stripe = document.createElement('i')
      stripe.style.transform = `translate(${rect.x}px, ${rect.y - scrolled}px)`
      stripe.style.width = `${rect.width}px`
      stripe.style.height = `${rect.height}px`
      return stripe
    }),
  )
}
