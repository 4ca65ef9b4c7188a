import { copyLink } from '../shell/copy-link.ts'
import { linkHash, type LinkTarget } from './link-target.ts'

/** The address of a message or a card of the room that is shown. */
export function targetLink(target: LinkTarget): string {
  return `${location.origin}${location.pathname}${linkHash(target)}`
}

/** Copies the address of a message. */
export function copyMessageLink(id: string): Promise<void> {
  return copyLink(targetLink({ kind: 'message', id }))
}

/**
 * Copies the address of a card, for the card's menu.
 *
 * @example <button onClick={() => void copyCardLink(card.id)}>Copy link to card</button>
 */
export function copyCardLink(id: string): Promise<void> {
  return copyLink(targetLink({ kind: 'card', id }))
}
