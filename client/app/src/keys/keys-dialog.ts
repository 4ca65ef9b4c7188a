import { useSyncExternalStore } from 'react'

/** What can stand over the page for the keyboard's sake. */
export type KeysDialogName = 'shortcuts' | 'palette'

const listeners = new Set<() => void>()
let open: KeysDialogName | undefined

/**
 * Opens the list of shortcuts or the command palette.
 *
 * @example showKeysDialog('palette')
 */
export function showKeysDialog(name: KeysDialogName): void {
  set(name)
}

/** Closes one of them. A dialog hears late that it was closed: by then the other one may be open, and stays. */
export function hideKeysDialog(name: KeysDialogName): void {
  if (open === name) set(undefined)
}

/** Closes whatever is open. */
export function hideKeysDialogs(): void {
  set(undefined)
}

/** Which of them is open. */
export function useKeysDialog(): KeysDialogName | undefined {
  return useSyncExternalStore(subscribe, () => open)
}

function set(name: KeysDialogName | undefined): void {
  open = name
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
