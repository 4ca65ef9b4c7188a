import type { ClosedReason } from '@roomful/provider'
import { CLOSE } from '@roomful/shared'

/** What a person is told when the server has ended a room's connection for good. */
export interface ClosedWords {
  readonly title: string
  readonly text: string
  /** `again`: the same room may let us in later. `reload`: only a fresh page can. */
  readonly way: 'again' | 'reload'
  readonly wayLabel: string
  /** There may be work here that is nowhere else. */
  readonly mayHoldWork: boolean
}

/** No server has closed: this copy has come apart from the server's. */
const NO_CODE = 0

/**
 * The reason of a refusal in a person's words, with the way on.
 *
 * @example closedWords(provider.connectionDetail.closedReason).title // 'You may not enter this room'
 */
export function closedWords(reason: ClosedReason): ClosedWords {
  switch (reason.code) {
    case CLOSE.unauthorized.code:
      return {
        title: 'Please sign in again',
        text: 'The pass for this room is missing, wrong or has expired. Open the link you were given once more.',
        way: 'reload',
        wayLabel: 'Reload',
        mayHoldWork: true,
      }
    case CLOSE.forbidden.code:
      return {
        title: 'You may not enter this room',
        text: 'It is open to invited people only. Ask whoever gave you the link for access.',
        way: 'again',
        wayLabel: 'Try again',
        mayHoldWork: false,
      }
    case CLOSE.deleted.code:
      return {
        title: 'This room was deleted',
        text: 'What you see is the copy on this device. It is put aside, and found again in the room menu; the room itself begins anew.',
        way: 'reload',
        wayLabel: 'Begin anew',
        mayHoldWork: true,
      }
    case CLOSE.tooLarge.code:
      return {
        title: 'This room is too large',
        text: 'Your last change went over the limit of this server and was not stored. Take your text along, then reload to go on with what is stored.',
        way: 'reload',
        wayLabel: 'Reload',
        mayHoldWork: true,
      }
    // said by this page itself, which opens the room anew in the same moment; seen only where that fails
    case NO_CODE:
      return {
        title: 'This room has to be opened anew',
        text: 'What you see no longer matches what everybody else sees. Take your text along, then reload.',
        way: 'reload',
        wayLabel: 'Reload',
        mayHoldWork: true,
      }
    default:
      return {
        title: sentence(reason.meaning),
        text: `${sentence(reason.advice)}. (Code ${reason.code})`,
        way: 'reload',
        wayLabel: 'Reload',
        mayHoldWork: true,
      }
  }
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
