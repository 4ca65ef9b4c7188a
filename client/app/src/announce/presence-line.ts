/** So many names are said, the rest is a number. */
const MAX_NAMES = 2

/**
 * Who came and who went, in as few words as say it.
 *
 * @example presenceLine(['Ana', 'Bo', 'Cy', 'Di', 'Eve'], []) // 'Ana, Bo and 3 others joined'
 */
export function presenceLine(joined: readonly string[], left: readonly string[]): string {
  return [part(joined, 'joined'), part(left, 'left')].filter((words) => words !== '').join('. ')
}

function part(names: readonly string[], verb: string): string {
  const rest = names.length - MAX_NAMES
  // "and 1 other" is longer than a name
  const said = rest > 1 ? [...names.slice(0, MAX_NAMES), `${rest} others`] : names
  const last = said.at(-1)
  if (last === undefined) return ''
  const first = said.slice(0, -1).join(', ')
  return first === '' ? `${last} ${verb}` : `${first} and ${last} ${verb}`
}
