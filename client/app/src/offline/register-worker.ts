/** The worker's address: stable, so that a new build replaces the old one. */
const WORKER = '/sw.js'

/**
 * Keeps the app on this device, so that a room that was visited opens without a server. Where the browser has no service
 * workers (plain http on a LAN name, some private windows) the app goes on without.
 *
 * @example whenIdle(() => void registerWorker())
 */
export async function registerWorker(): Promise<void> {
  // in development files change under the worker's feet
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  try {
    await navigator.serviceWorker.register(WORKER, { updateViaCache: 'none' })
  } catch {
    // SecurityError or TypeError: refused here, or the server is away; nothing else depends on it
  }
}
