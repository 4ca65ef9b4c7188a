/**
 * How many others are in the note, in words.
 *
 * @example editingLine(2) // '2 others editing'
 */
export function editingLine(others: number): string {
  switch (others) {
    case 0:
      return 'Nobody else is editing'
    case 1:
      return '1 other editing'
    default:
      return `${others} others editing`
  }
}
