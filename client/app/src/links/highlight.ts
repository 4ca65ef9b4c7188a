import '../styles/links.css'

/** So long the target of a link stands out. */
export const HIGHLIGHT_MS = 2_000

const timers = new WeakMap<HTMLElement, ReturnType<typeof setTimeout>>()

/** Lets an element stand out for two seconds. */
export function highlight(node: HTMLElement): void {
  clearTimeout(timers.get(node))
  node.dataset['highlight'] = ''
  timers.set(
    node,
    setTimeout(() => {
      delete node.dataset['highlight']
      timers.delete(node)
    }, HIGHLIGHT_MS),
  )
}
