import type { PresenceStore } from '@roomful/provider'
import type { Awareness } from 'y-protocols/awareness'
import type { ActivityLog } from './activity-log.ts'
import type { Link } from './link.ts'

/** What the activity of a room is read from. */
export interface ActivitySources {
  readonly awareness: Pick<Awareness, 'getStates' | 'on' | 'off'>
  readonly presence: Pick<PresenceStore, 'others' | 'subscribe'>
  readonly link: Link
}

interface AwarenessChange {
  readonly added: readonly number[]
  readonly removed: readonly number[]
}

/** Tells a log of a room's people and of this tab's connection. Returns how to stop. */
export function feedActivity(log: ActivityLog, { awareness, presence, link }: ActivitySources): () => void {
  const tell = (): void => {
    const states = awareness.getStates()
    // the store keeps people for a while when this tab's own connection drops; the log has to know who is really told of
    const here = presence.others.filter((person) => person.clientIds.some((id) => states.has(id)))
    log.tell(here.map((person) => person.user))
  }
  // and of whom it kept it does not say when they are told of again
  const onChange = ({ added, removed }: AwarenessChange): void => {
    if (added.length + removed.length > 0) tell()
  }
  const onLink = (): void => {
    if (!link.isSynced) log.leave()
    else log.arrive()
    if (link.isAnswered) log.answered()
  }
  awareness.on('change', onChange)
  const stops = [
    presence.subscribe(tell),
    link.subscribe(onLink),
    () => awareness.off('change', onChange),
    () => log.destroy(),
  ]
  tell()
  onLink()
  return () => {
    for (const stop of stops.splice(0)) stop()
  }
}
