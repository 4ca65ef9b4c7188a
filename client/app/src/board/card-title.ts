/** So much of a first line names a card. */
const MAX_TITLE_LENGTH = 80

/** What a card is called: its first line. */
export function cardTitle(text: string): string {
  const line = text.split('\n', 1)[0]?.trim() ?? ''
  return line === '' ? 'Empty card' : line.slice(0, MAX_TITLE_LENGTH)
}
