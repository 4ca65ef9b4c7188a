const KEY = 'roomful:panel'

/** Whether the side panel was open when last seen on this device. */
export const panelPreference = {
  read(): boolean {
    try {
      return localStorage.getItem(KEY) !== 'closed'
    } catch {
      // SecurityError: storage is blocked
      return true
    }
  },
  write(open: boolean): void {
    try {
      localStorage.setItem(KEY, open ? 'open' : 'closed')
    } catch (error) {
      // SecurityError or QuotaExceededError: it holds for this page only
      if (!(error instanceof DOMException)) throw error
    }
  },
} as const
