import type { Person } from '@roomful/provider'
import { useOthers } from '@roomful/react'
import { useState } from 'react'

/** Which of the others have a card selected, by its id. A card's list keeps its reference until it changed. */
export function useSelections(): ReadonlyMap<string, readonly Person[]> {
  const [group] = useState(createGrouping)
  return group(useOthers(withSelection))
}

const withSelection = (others: readonly Person[]): readonly Person[] =>
  others.filter((person) => person.selection.length > 0)

function createGrouping(): (people: readonly Person[]) => ReadonlyMap<string, readonly Person[]> {
  let known = new Map<string, readonly Person[]>()
  let last: readonly Person[] = []
  return (people) => {
    if (people === last) return known
    const next = new Map<string, Person[]>()
    for (const person of people) {
      for (const id of person.selection) {
        const list = next.get(id)
        if (list === undefined) next.set(id, [person])
        else list.push(person)
      }
    }
    const before = known
    known = new Map([...next].map(([id, list]) => [id, sameOr(before.get(id), list)]))
    last = people
    return known
  }
}

function sameOr(before: readonly Person[] | undefined, list: readonly Person[]): readonly Person[] {
  const isSame = before?.length === list.length && before.every((person, n) => person === list[n])
  return isSame ? before : list
}
