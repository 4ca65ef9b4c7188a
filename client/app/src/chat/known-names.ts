import type { Person } from '@roomful/provider'
import { useOthers, useSelf } from '@roomful/react'
import { type ChatMessage, cleanName } from '@roomful/shared'
import { createContext, useContext, useMemo, useState } from 'react'

/** Whose names a message can mention. */
export interface KnownNames {
  readonly names: readonly string[]
  readonly own: string | undefined
}

export const KnownNamesContext = createContext<KnownNames>({ names: [], own: undefined })

/** The names of everybody here or in the conversation. */
export function useKnownNames(): KnownNames {
  return useContext(KnownNamesContext)
}

/** Gathers the names of authors, people in the room and oneself; the same object until one is added. */
export function useGatheredNames(messages: readonly ChatMessage[]): KnownNames {
  const own = useSelf()?.name
  const others = useOthers(namesOf)
  const [authors] = useState(() => new AuthorNames())
  const written = authors.read(messages)
  return useMemo(() => {
    const names = new Set([...written, ...others, ...(own === undefined ? [] : [own])].map(cleanName))
    names.delete('')
    return { names: [...names], own: own === undefined ? undefined : cleanName(own) }
  }, [written, others, own])
}

const namesOf = (others: readonly Person[]): readonly string[] => others.map((person) => person.user.name)

/** The names messages were sent under. Each message is looked at once; a name stays known when its messages go. */
class AuthorNames {
  #messages: readonly ChatMessage[] = []
  #names: readonly string[] = []
  readonly #known = new Set<string>()

  read(messages: readonly ChatMessage[]): readonly string[] {
    const before = this.#messages
    this.#messages = messages
    let from = 0
    while (from < before.length && messages[from] === before[from]) from++
    for (let index = from; index < messages.length; index++) {
      const name = messages[index]?.name
      if (name === undefined || this.#known.has(name)) continue
      this.#known.add(name)
      this.#names = [...this.#known]
    }
    return this.#names
  }
}
