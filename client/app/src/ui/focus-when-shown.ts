/**
 * A `ref` that takes the focus when its element is first drawn, as React's `autoFocus` does; Preact's is the attribute, which
 * a browser heeds once a page (decision 0084).
 *
 * @example <input ref={focusWhenShown} />
 */
export function focusWhenShown(element: HTMLElement | null): void {
  element?.focus()
}
