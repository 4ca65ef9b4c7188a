const KEY = 'roomful:met'

/** Whether this device has been greeted. */
export const firstVisit = {
  /** Nobody was greeted here before. Where that cannot be remembered it is never true: once means once. */
  isNow(): boolean {
    try {
      if (localStorage.getItem(KEY) !== null) return false
      localStorage.setItem(KEY, '')
      localStorage.removeItem(KEY)
      return true
    } catch {
      // SecurityError or QuotaExceededError: storage is blocked or full
      return false
    }
  },
  /** From now on this device is known. */
  isOver(): void {
    try {
      localStorage.setItem(KEY, new Date().toISOString().slice(0, 10))
    } catch (error) {
      // SecurityError or QuotaExceededError: it was not greeted either
      if (!(error instanceof DOMException)) throw error
    }
  },
} as const
