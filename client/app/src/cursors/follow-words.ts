/** "Ada", "Ada and Ben", "Ada and 2 others". */
export function joinNames(names: readonly string[]): string {
  const [first = '', second] = names
  if (second === undefined) return first
  return names.length === 2 ? `${first} and ${second}` : `${first} and ${names.length - 1} others`
}
