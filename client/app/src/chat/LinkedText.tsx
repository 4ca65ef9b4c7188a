import type { MouseEvent, ReactElement } from 'react'
import { pageLinks } from '../links/page-links.ts'
import { type RoomLink, roomLink } from '../links/room-link.ts'
import { linkPieces } from './link-pieces.ts'
import { MentionedText } from './MentionedText.tsx'

interface LinkedTextProps {
  readonly text: string
}

/** A text whose links can be followed: into this room in place, elsewhere in a tab of their own. */
export function LinkedText({ text }: LinkedTextProps): ReactElement {
  return (
    <>
      {linkPieces(text).map(({ at, text: piece, href }) => {
        if (href === undefined) return <MentionedText key={at} text={piece} />
        const inRoom = roomLink(href, location)
        return (
          <a
            key={at}
            href={href}
            rel="noopener nofollow"
            {...(inRoom?.isHere ? { onClick: follow(inRoom) } : { target: '_blank' })}
          >
            {inRoom?.label ?? piece}
          </a>
        )
      })}
    </>
  )
}

function follow({ target }: RoomLink): (event: MouseEvent) => void {
  return (event) => {
    // a new tab or window was asked for
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    pageLinks.open(target)
  }
}
