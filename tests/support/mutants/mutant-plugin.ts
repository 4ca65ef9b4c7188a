import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Plugin } from 'vitest/config'
import { SOURCE_MUTANTS } from './source-mutants.ts'

/** Stands behind a module's path: `room.ts?mutant=<name>`. */
export const MUTANT_QUERY = '?mutant='

/**
 * Lets a test import `room.ts?mutant=<name>`: the module, and every file of ours that it imports by a relative path, made anew
 * with pieces of their source changed. Nothing of it exists outside of vitest.
 *
 * @throws on import, where the text to change is not there exactly once: the source has moved on, and the mutant must follow
 */
export function mutantPlugin(): Plugin {
  return {
    name: 'roomful:mutants',
    enforce: 'pre',
    resolveId(source, importer) {
      if (source.includes(MUTANT_QUERY)) return source
      const [from, name] = importer?.split(MUTANT_QUERY) ?? []
      if (name === undefined || from === undefined || !source.startsWith('.')) return undefined
      return `${resolve(dirname(from), source)}${MUTANT_QUERY}${name}`
    },
    async load(id) {
      const [path = '', name] = id.split(MUTANT_QUERY)
      return name === undefined ? undefined : mutated(path, name)
    },
  }
}

async function mutated(path: string, name: string): Promise<string> {
  let source = await readFile(path, 'utf8')
  const mutant = SOURCE_MUTANTS.find((other) => other.name === name)
  if (mutant === undefined) throw new Error(`there is no mutant "${name}"`)
  for (const { file, find, replace } of mutant.edits) {
    if (!path.endsWith(`/${file}`)) continue
    const times = source.split(find).length - 1
    if (times !== 1)
      throw new Error(`${file} holds "${find}" ${times} times: the mutant "${name}" must follow`)
    source = source.replace(find, () => replace)
  }
  return source
}
