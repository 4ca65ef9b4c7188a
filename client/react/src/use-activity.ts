import type { ActivityEntry } from './activity-log.ts'
import { useAnyRoom } from './room-context.ts'
import { useSelected } from './use-selected.ts'

/**
 * Who joined and who left while this tab was here, the oldest first; the same array until somebody did. Local to this
 * tab: persons, not connections; nothing of those found here; a reload or a drop shorter than 3 s adds nothing.
 *
 * @example
 * const activity = useActivity()
 * return activity.map(({ id, kind, user }) => <li key={id}>{`${user.name} ${kind}`}</li>)
 */
export function useActivity(): readonly ActivityEntry[] {
  const { activity } = useAnyRoom()
  return useSelected(activity, () => activity.entries)
}
