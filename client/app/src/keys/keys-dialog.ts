import { useSyncExternalStore } from 'react'

/** What can stand over the page for the keyboard's sake. */
export type KeysDialogName = 'shortcuts' | 'palette'

const listeners = new Set<() => void>()
let open: KeysDialogName | undefined

/**
 * Opens the list of shortcuts or the command palette, or closes what is open.
 *
 * @example showKeysDialog('palette')
 */
export function showKeysDialog(name: KeysDialogName | undefined): void {
  open = name
  for (const listener of listeners) listener()
}

/** Which of them is open. */
export function useKeysDialog(): KeysDialogName | undefined {
  return useSyncExternalStore(subscribe, () => open)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
