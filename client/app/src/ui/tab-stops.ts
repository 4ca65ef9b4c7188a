const CANDIDATES =
  ':is(a[href], button, input, select, textarea, [tabindex], [contenteditable="true"]):not(:disabled)'

/**
 * Where Tab goes where it would leave `root`: to its other end, or nowhere when nothing in it can be reached. `undefined`
 * inside: the browser knows the way.
 *
 * @param backwards with Shift
 */
export function nextTabStop(root: HTMLElement, backwards: boolean): HTMLElement | undefined {
  const stops = tabStops(root)
  const { activeElement } = document
  const [first, last] = [stops[0] ?? root, stops.at(-1) ?? root]
  // on the panel itself, or on the button that opened it: in from the end that comes next
  if (!stops.some((stop) => stop === activeElement)) return backwards ? last : first
  if (activeElement === last && !backwards) return first
  return activeElement === first && backwards ? last : undefined
}

/** What Tab reaches inside an element, in order. */
export function tabStops(root: HTMLElement): readonly HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>(CANDIDATES)].filter(
    (element) => element.tabIndex >= 0 && isShown(element) && !isPassedOver(element),
  )
}

function isShown(element: HTMLElement): boolean {
  return (
    typeof element.checkVisibility !== 'function' || element.checkVisibility({ visibilityProperty: true })
  )
}

/** Of radio buttons that belong together, Tab reaches the chosen one, or the first where none is. */
function isPassedOver(element: HTMLElement): boolean {
  if (!(element instanceof HTMLInputElement) || element.type !== 'radio' || element.checked) return false
  const group = document.getElementsByName(element.name)
  const radios = [...group].filter(
    (other) => other instanceof HTMLInputElement && other.form === element.form,
  )
  return radios.some((other) => other instanceof HTMLInputElement && other.checked) || radios[0] !== element
}
