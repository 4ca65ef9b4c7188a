/** A person's colour; a foreign client may have written anything as one. */
export function safeColor(color: string): string {
  return /^#[0-9a-f]{6}$/i.test(color) ? color : '#6d6c66'
}
