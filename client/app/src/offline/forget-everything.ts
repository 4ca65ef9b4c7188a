import { forgetDevice } from '@roomful/provider'

/**
 * Deletes everything the app keeps on this device: rooms with what was not sent, name and settings, the app itself.
 *
 * @example await forgetEverything().then(() => location.assign('/'))
 */
export async function forgetEverything(): Promise<void> {
  // each by itself: what one of them refuses must not keep the others
  await Promise.allSettled([forgetDevice(), forgetApp()])
}

async function forgetApp(): Promise<void> {
  // neither exists on plain http
  if ('serviceWorker' in navigator) {
    const registrations = await navigator.serviceWorker.getRegistrations()
    await Promise.all(registrations.map((registration) => registration.unregister()))
  }
  if ('caches' in globalThis) {
    const names = await caches.keys()
    await Promise.all(names.filter((name) => name.startsWith('roomful-')).map((name) => caches.delete(name)))
  }
}
