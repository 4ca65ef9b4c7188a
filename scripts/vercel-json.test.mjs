import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from './run.mjs'

/**
 * @typedef {{ root: string, framework: string, entrypoint?: string, devCommand?: string }} Service
 * @typedef {{ source: string, destination: { service: string } }} Rewrite
 * @type {{ services: Record<string, Service>, rewrites: Rewrite[] }}
 */
const config = JSON.parse(readFileSync(join(ROOT, 'vercel.json'), 'utf8'))

/**
 * The first rewrite that matches wins, as on Vercel.
 *
 * @param {string} path
 */
const serviceOf = (path) =>
  config.rewrites.find(({ source }) => new RegExp(`^${source}$`).test(path))?.destination.service

test.each([
  ['/server/ws/lobby', 'sync'],
  ['/server/healthz', 'sync'],
  ['/', 'web'],
  ['/rooms/lobby', 'web'],
  ['/servers', 'web'],
])('%s goes to %s', (path, service) => {
  expect(serviceOf(path)).toBe(service)
})

test('every service that is routed to exists, and every service is routed to', () => {
  const targets = config.rewrites.map(({ destination }) => destination.service)
  expect(new Set(targets)).toEqual(new Set(Object.keys(config.services)))
})

test('roots and entrypoints exist, and the Node service says how to run in development', () => {
  for (const service of Object.values(config.services)) {
    expect(existsSync(join(ROOT, service.root, 'package.json'))).toBe(true)
    if (service.framework !== 'node') continue
    expect(existsSync(join(ROOT, service.root, service.entrypoint ?? 'no entrypoint'))).toBe(true)
    expect(service.devCommand).toContain(service.entrypoint)
  }
})

test('the retired key is not used', () => {
  expect(config).not.toHaveProperty('experimentalServices')
})
