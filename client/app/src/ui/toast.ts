/** Says something that needs no answer. The toaster is fetched with the first word it has to say. */
export function toast(message: string, kind: 'plain' | 'error' = 'plain'): void {
  void import('./toaster.tsx').then(({ showToast }) => showToast(message, kind))
}
