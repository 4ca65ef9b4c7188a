import type { StatusView } from '../shell/status-view.ts'

/** How the connection is, as far as it is worth an announcement. */
export type ConnectionNews = 'well' | 'reading' | 'away' | 'offline' | 'closed'

/** Saving and being saved is no news; a drop too short to be shown is none either. */
export function connectionNews(shape: StatusView['shape']): ConnectionNews {
  switch (shape) {
    case 'check':
    case 'live':
    case 'spinner':
      return 'well'
    case 'eye':
      return 'reading'
    case 'broken':
      return 'away'
    case 'cloud-off':
      return 'offline'
    case 'closed':
      return 'closed'
  }
}

/** What is said when the connection has become so. */
export function connectionLine(news: ConnectionNews, before: ConnectionNews = 'away'): string {
  switch (news) {
    case 'well':
      return before === 'reading' ? 'You may change this room now' : 'Connected again'
    case 'reading':
      return 'You may read this room, but not change it'
    case 'away':
      return 'Reconnecting. Your changes are kept and will sync'
    case 'offline':
      return 'Offline. Your changes are kept and will sync'
    case 'closed':
      return 'This room has ended the connection'
  }
}
