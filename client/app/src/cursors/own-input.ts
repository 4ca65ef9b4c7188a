import { isControl } from '../board/key-target.ts'

/** Keys that are not about the board: they move the focus, modify another, or say something at the pointer. */
const NEUTRAL_KEYS: ReadonlySet<string> = new Set(['Tab', 'Shift', 'Control', 'Alt', 'Meta', '/'])

/**
 * Calls back when the person takes the board into their own hands: wheel, press or pinch on it, a key that is meant for it,
 * Esc anywhere. Writing in the chat is none of that: who follows may talk.
 *
 * @returns how to stop listening
 */
export function stopOnOwnInput(element: HTMLElement | null, stop: () => void): () => void {
  const onPress = (event: Event): void => {
    if (event.target instanceof Element && event.target.closest('[data-board-control]') === null) stop()
  }
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing || NEUTRAL_KEYS.has(event.key)) return
    if (event.key === 'Escape' || !isControl(event.target)) stop()
  }
  element?.addEventListener('pointerdown', onPress, true)
  element?.addEventListener('wheel', onPress, { capture: true, passive: true })
  window.addEventListener('keydown', onKey)
  return () => {
    element?.removeEventListener('pointerdown', onPress, true)
    element?.removeEventListener('wheel', onPress, true)
    window.removeEventListener('keydown', onKey)
  }
}
