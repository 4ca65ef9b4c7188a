import type { Person } from '@roomful/provider'
import { useOthers } from '@roomful/react'
import { cleanName, type PresenceUser } from '@roomful/shared'
import { type KeyboardEvent, useId, useMemo, useState } from 'react'
import { matchesQuery, mentionQuery } from './mentions.ts'

/** More are found by writing on. */
const MAX_OPTIONS = 6

/** The people offered behind an `@`, and what the composer does with its keys. */
export interface MentionMenu {
  readonly options: readonly PresenceUser[]
  /** Index into `options` of the one that Enter takes. */
  readonly active: number
  readonly listId: string
  readonly optionId: (index: number) => string
  readonly setActive: (index: number) => void
  readonly take: (user: PresenceUser) => void
  /** Arrows, Enter, Tab and Esc while people are offered. */
  readonly onKeyDown: (event: KeyboardEvent) => void
}

/**
 * Offers the people in the room while a name is written behind an `@`.
 *
 * @param write puts a text and the caret into the field
 */
export function useMentionMenu(
  text: string,
  caret: number,
  write: (text: string, caret: number) => void,
): MentionMenu {
  const people = useOthers(mentionable)
  const listId = useId()
  const [active, setActive] = useState(0)
  const found = useMemo(() => mentionQuery(text, caret), [text, caret])
  const at = found?.at
  const query = found?.query
  // Esc closes the list for this `@`, not for the next one
  const [dismissed, setDismissed] = useState<number>()
  if (dismissed !== undefined && dismissed !== at) setDismissed(undefined)
  const [seen, setSeen] = useState(query)
  if (seen !== query) {
    setSeen(query)
    setActive(0)
  }

  const options = query === undefined || dismissed === at ? NOBODY : offer(people, query)
  const index = Math.min(active, options.length - 1)

  const take = (user: PresenceUser): void => {
    if (at === undefined) return
    const before = `${text.slice(0, at)}@${cleanName(user.name)} `
    write(before + text.slice(caret).replace(/^ /, ''), before.length)
  }

  const onKeyDown = (event: KeyboardEvent): void => {
    const chosen = options[index]
    if (chosen === undefined || event.altKey || event.ctrlKey || event.metaKey) return
    switch (event.key) {
      case 'ArrowDown':
        setActive((index + 1) % options.length)
        break
      case 'ArrowUp':
        setActive((index + options.length - 1) % options.length)
        break
      case 'Enter':
      case 'Tab':
        if (event.shiftKey) return
        take(chosen)
        break
      case 'Escape':
        setDismissed(at)
        break
      default:
        return
    }
    event.preventDefault()
    event.stopPropagation()
  }

  return { options, active: index, listId, optionId: (n) => `${listId}-${n}`, setActive, take, onKeyDown }
}

const NOBODY: readonly PresenceUser[] = []

/** Nobody once a name is written out: Enter sends then. */
function offer(people: readonly PresenceUser[], query: string): readonly PresenceUser[] {
  const found = people.filter((user) => matchesQuery(cleanName(user.name), query))
  const isWhole = found.length === 1 && found.every((user) => cleanName(user.name) === query)
  return isWhole ? NOBODY : found.slice(0, MAX_OPTIONS)
}

/** Each name once: two people of one name cannot be told apart in a text. */
function mentionable(others: readonly Person[]): readonly PresenceUser[] {
  const byName = new Map(others.map((person) => [cleanName(person.user.name), person.user]))
  byName.delete('')
  return [...byName.values()]
}
