import type { RoomName } from '@roomful/shared'
import { LogError } from './log-error.ts'

/** How far the life of an open room's log is. */
export type Phase = 'open' | 'left' | 'deleted' | 'closed'

/** Why nothing is taken any more; `undefined` while it is. */
export function refusalIn(phase: Phase, room: RoomName): LogError | undefined {
  switch (phase) {
    case 'open':
      return undefined
    case 'left':
      return new LogError('closed', `the log of room ${room} was left`)
    case 'deleted':
      return new LogError('deleted', `room ${room} was deleted`)
    case 'closed':
      return new LogError('closed', 'the log is closed')
  }
}
