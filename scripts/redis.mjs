import { ensureTool } from './tools.mjs'

/** @typedef {import('./tools.mjs').Found} Found */

/**
 * Finds a redis-server for tests, or gets one from apt as root on Debian.
 *
 * @param {import('./tools.mjs').Machine} [machine]
 * @returns {Promise<Found>} never rejects
 */
export function ensureRedis(machine = {}) {
  return ensureTool(
    { names: ['redis-server'], aptPackage: 'redis-server', advice: 'install Redis 6.2 or newer' },
    machine,
  )
}
