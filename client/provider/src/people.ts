import type { Presence, PresenceUser } from '@roomful/shared'
import { equalityDeep } from 'lib0/function'

/** One other connection, without what moves many times a second. */
export interface PresenceConnection extends Omit<Presence, 'pointer' | 'view' | 'tap'> {
  readonly clientId: number
}

/** One other person: all their connections taken together. */
export interface Person {
  /** `user.id`. */
  readonly id: string
  readonly user: PresenceUser
  /** In any of their tabs. */
  readonly typing: boolean
  /** Of all their tabs, each id once. */
  readonly selection: readonly string[]
  /** The liveliest of their tabs. */
  readonly status: Presence['status']
  /** The id of the person they follow, in any of their tabs. */
  readonly following: string | null
  /** They chose to show no pointer, in all of their tabs. */
  readonly hidesPointer: boolean
  /** Their connections, ascending. */
  readonly clientIds: readonly number[]
}

const LIVELINESS = { active: 2, idle: 1, away: 0 } as const

/**
 * Groups connections by `user.id`, leaves `selfId` out, sorts by name and then id. A person that is as in `before` keeps
 * its object, so that a list can skip it.
 */
export function groupPeople(
  connections: readonly PresenceConnection[],
  selfId: string | undefined,
  before: readonly Person[],
): readonly Person[] {
  const people = new Map<string, Person>()
  for (const connection of connections) {
    const { id } = connection.user
    if (id !== selfId) people.set(id, joined(people.get(id), connection))
  }
  const known = new Map(before.map((person) => [person.id, person]))
  return [...people.values()]
    .map((person) => {
      const old = known.get(person.id)
      return old !== undefined && equalityDeep(old, person) ? old : person
    })
    .sort((a, b) => a.user.name.localeCompare(b.user.name) || (a.id < b.id ? -1 : 1))
}

function joined(person: Person | undefined, connection: PresenceConnection): Person {
  const { user, typing, selection, status, following, hidesPointer, clientId } = connection
  if (person === undefined) {
    return { id: user.id, user, typing, selection, status, following, hidesPointer, clientIds: [clientId] }
  }
  return {
    ...person,
    typing: person.typing || typing,
    selection: [...new Set([...person.selection, ...selection])],
    status: LIVELINESS[status] > LIVELINESS[person.status] ? status : person.status,
    following: person.following ?? following,
    hidesPointer: person.hidesPointer && hidesPointer,
    clientIds: [...person.clientIds, clientId],
  }
}
