import type { Person } from '@roomful/provider'
import { useOthers } from '@roomful/react'
import type { PresenceUser } from '@roomful/shared'
import { useState } from 'react'

/** Which of the others have a card selected, by its id. A card's list keeps its reference until it looks different. */
export function useSelections(): ReadonlyMap<string, readonly PresenceUser[]> {
  const [group] = useState(createGrouping)
  return group(useOthers(withSelection))
}

const withSelection = (others: readonly Person[]): readonly Person[] =>
  others.filter((person) => person.selection.length > 0)

function createGrouping(): (people: readonly Person[]) => ReadonlyMap<string, readonly PresenceUser[]> {
  let known = new Map<string, readonly PresenceUser[]>()
  let last: readonly Person[] = []
  return (people) => {
    if (people === last) return known
    const next = new Map<string, PresenceUser[]>()
    for (const { selection, user } of people) {
      for (const id of selection) {
        const list = next.get(id)
        if (list === undefined) next.set(id, [user])
        else list.push(user)
      }
    }
    const before = known
    known = new Map([...next].map(([id, list]) => [id, sameOr(before.get(id), list)]))
    last = people
    return known
  }
}

function sameOr(
  before: readonly PresenceUser[] | undefined,
  list: readonly PresenceUser[],
): readonly PresenceUser[] {
  const isSame = before?.length === list.length && before.every((user, n) => looksLike(user, list[n]))
  return isSame ? before : list
}

/** Whoever selects one more card is a new object, with the same name in the same colour. */
function looksLike(a: PresenceUser, b: PresenceUser | undefined): boolean {
  return a.id === b?.id && a.name === b.name && a.color === b.color
}
