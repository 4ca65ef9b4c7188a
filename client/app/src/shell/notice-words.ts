import type { NoticeCode } from '@roomful/shared'

/**
 * What a person is told of a notice of the server, whose own words are for who runs it; `undefined` where there is nothing to tell: it passes by itself, or the
 * page says it in another place.
 *
 * @example noticeWords('refused') // 'The server cannot store …'
 */
export function noticeWords(code: NoticeCode): string | undefined {
  switch (code) {
    case 'progress':
    case 'draining':
    case 'clientid-conflict':
      return undefined
    case 'clock-stolen':
      // the room is opened anew at once, and says why
      return undefined
    case 'read-only':
      return 'You may read this room but not change it. What you changed is kept here'
    case 'too-large':
      return 'This room is full: your last change is kept here. Delete something to make room for it'
    case 'refused':
      return 'The server cannot store more now. Your change is kept here and sent again'
    case 'rate-limited':
      return 'You are faster than this server takes: your changes arrive a little later'
  }
}
