import { LIMIT_SPECS } from '@roomful/shared'
import type { ConfigProblem } from './config-key.ts'
import { CONFIG_KEYS } from './config.ts'

/** The text of `--help`: every variable with its default. */
export function formatHelp(version: string): string {
  const keys = CONFIG_KEYS.map((key) => line(key.env, key.default || '(unset)', key.meaning))
  const limits = Object.values(LIMIT_SPECS).map((spec) =>
    line(spec.env, String(spec.default), `${unitOf(spec.unit)}: ${spec.reason}; beyond: ${spec.effect}`),
  )
  return [
    `Roomful ${version}: rooms with presence, chat and shared documents over the y-websocket protocol.`,
    '',
    'Usage: node server/dist/main.js [--help | --version]',
    '',
    'Configured by environment variables only. Empty = unset, unknown ones are ignored, relative paths start at the',
    'repository root. Standard output carries one JSON line when the server is ready; logs go to standard error.',
    '',
    ...keys,
    '',
    'Limits',
    ...limits,
    '',
  ].join('\n')
}

/**
 * One error that names every bad key.
 *
 * @example formatProblems([{ keys: ['PORT'], message: 'must be a whole number' }])
 */
export function formatProblems(problems: readonly ConfigProblem[]): string {
  const list = problems.map((problem) => `${problem.keys.join(', ')} ${problem.message}`)
  return `Bad configuration: ${list.join('; ')}. All settings: node server/dist/main.js --help`
}

function line(env: string, value: string, meaning: string): string {
  return `  ${env.padEnd(32)}${value.padEnd(17)} ${meaning}`
}

function unitOf(unit: string): string {
  return unit === 'count' ? 'number' : unit
}
