/** What was being written, kept in this tab through a change of panel tabs and a reload. */
const KEY = 'roomful:draft:'

/** @example readDraft('lobby') */
export function readDraft(room: string): string {
  try {
    return sessionStorage.getItem(KEY + room) ?? ''
  } catch {
    // SecurityError: storage is refused; the field itself still holds the text
    return ''
  }
}

/** Keeps a draft; an empty one is forgotten. */
export function writeDraft(room: string, text: string): void {
  try {
    if (text === '') sessionStorage.removeItem(KEY + room)
    else sessionStorage.setItem(KEY + room, text)
  } catch {
    // SecurityError or QuotaExceededError: the field itself still holds the text
  }
}
