import { defaultFilter } from 'cmdk'
import type { Command, CommandGroup } from './command.ts'

/**
 * What was looked for, the best first: commands within their group, and groups by their best command. What does not fit is
 * left out; all stay as they are while nothing was typed.
 *
 * @example rankCommands([{ title: 'Board', commands }], 'zoom')
 */
export function rankCommands(groups: readonly CommandGroup[], search: string): readonly CommandGroup[] {
  if (search.trim() === '') return groups
  return groups
    .map(({ title, commands }) => {
      const scored = commands
        .map((command) => ({ command, score: scoreOf(command, search) }))
        .filter(({ score }) => score > 0)
        .toSorted((a, b) => b.score - a.score)
      return { title, commands: scored.map(({ command }) => command), best: scored[0]?.score ?? 0 }
    })
    .filter(({ best }) => best > 0)
    .toSorted((a, b) => b.best - a.best)
}

function scoreOf({ label, words = [] }: Command, search: string): number {
  return defaultFilter([label, ...words].join(' '), search)
}
