/**
 * What this device remembers under a key; `null` where there is nothing, or storage is refused to this page.
 *
 * @example const theme = readDevice('roomful:theme')
 */
export function readDevice(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    // SecurityError: storage is blocked
    return null
  }
}

/** Remembers a value on this device, or with `null` forgets it. Where storage is refused or full it holds for this page only. */
export function writeDevice(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key)
    else localStorage.setItem(key, value)
  } catch (error) {
    // SecurityError or QuotaExceededError
    if (!(error instanceof DOMException)) throw error
  }
}
