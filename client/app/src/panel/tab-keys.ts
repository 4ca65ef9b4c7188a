/**
 * The tab that a key leads to from `tab`: the arrows go round, Home and End to the ends; other keys lead nowhere.
 *
 * @example nextTab(['chat', 'people'], 'people', 'ArrowRight', false) // 'chat'
 */
export function nextTab<T>(tabs: readonly T[], tab: T, key: string, isRtl: boolean): T | undefined {
  const at = tabs.indexOf(tab)
  const step = isRtl ? -1 : 1
  switch (key) {
    case 'ArrowRight':
      return tabs.at((at + step) % tabs.length)
    case 'ArrowLeft':
      return tabs.at((at - step) % tabs.length)
    case 'Home':
      return tabs[0]
    case 'End':
      return tabs.at(-1)
    default:
      return undefined
  }
}
