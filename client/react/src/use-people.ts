import type { Person, PresenceConnection } from '@roomful/provider'
import type { Presence, PresenceUser } from '@roomful/shared'
import { useCallback, useMemo } from 'react'
import { useAnyRoom } from './room-context.ts'
import { shallowEqual } from './shallow-equal.ts'
import { useSelected } from './use-selected.ts'

/**
 * The person of this tab, or `undefined` before there is one.
 *
 * @example const name = useSelf()?.name
 */
export function useSelf(): PresenceUser | undefined {
  const { presence } = useAnyRoom()
  return useSelected(presence, () => presence.self?.user, shallowEqual)
}

/**
 * The other people, each once, sorted by name; with a selector, what it makes of them. Pointer moves render nothing.
 *
 * @param selector renders again only when its result differs by `isEqual`.
 * @param isEqual default: arrays and plain objects by their members.
 * @example const names = useOthers((people) => people.map((person) => person.user.name))
 */
export function useOthers(): readonly Person[]
export function useOthers<T>(selector: (others: readonly Person[]) => T, isEqual?: (a: T, b: T) => boolean): T
export function useOthers<T>(
  selector?: (others: readonly Person[]) => T,
  isEqual: (a: T | readonly Person[], b: T | readonly Person[]) => boolean = shallowEqual,
): T | readonly Person[] {
  const { presence } = useAnyRoom()
  const read = (): T | readonly Person[] =>
    selector === undefined ? presence.others : selector(presence.others)
  return useSelected(presence, read, isEqual)
}

/**
 * How many people are here, yourself included: never 0.
 *
 * @example <b>{useOnlineCount()} online</b>
 */
export function useOnlineCount(): number {
  return useOthers((others) => others.length + 1)
}

/** What {@link useMyPresence} can change; fields left out stay. Taps are told through `presence.tap`. */
export type PresencePatch = Partial<Omit<Presence, 'user' | 'tap'>>

/**
 * Tells the others what this tab does. The function is the same at each render, and calling it renders nothing here.
 *
 * @example
 * const updateMyPresence = useMyPresence()
 * updateMyPresence({ selection: [card.id] })
 */
export function useMyPresence(): (patch: PresencePatch) => void {
  const { presence } = useAnyRoom()
  return useCallback(
    (patch: PresencePatch) => {
      if (patch.pointer !== undefined) presence.setPointer(patch.pointer)
      if (patch.typing !== undefined) presence.setTyping(patch.typing)
      if (patch.selection !== undefined) presence.setSelection(patch.selection)
      if (patch.view !== undefined) presence.setView(patch.view)
      if (patch.status !== undefined) presence.setStatus(patch.status)
      if (patch.hidesPointer !== undefined) presence.hidePointer(patch.hidesPointer)
      if (patch.message !== undefined) presence.setMessage(patch.message)
      if (patch.following !== undefined) presence.setFollowing(patch.following)
    },
    [presence],
  )
}

/** One other connection that may show a cursor. */
export interface CursorOwner {
  readonly clientId: number
  readonly user: PresenceUser
}

/**
 * Whose cursors there are, one entry a connection. Changes when somebody comes, goes or is renamed, never for a move.
 *
 * @example useCursors().map(({ clientId, user }) => <Cursor key={clientId} name={user.name} />)
 */
export function useCursors(): readonly CursorOwner[] {
  const { presence } = useAnyRoom()
  const read = useMemo(() => createOwnerReader(() => presence.connections), [presence])
  return useSelected(presence, read, shallowEqual)
}

/** Keeps an owner's object while its user stays the same in content: typing and selecting change connections too. */
function createOwnerReader(connections: () => readonly PresenceConnection[]): () => readonly CursorOwner[] {
  let known = new Map<number, CursorOwner>()
  return () => {
    const next = new Map<number, CursorOwner>()
    for (const { clientId, user } of connections()) {
      const old = known.get(clientId)
      next.set(clientId, old !== undefined && shallowEqual(old.user, user) ? old : { clientId, user })
    }
    known = next
    return [...next.values()]
  }
}
