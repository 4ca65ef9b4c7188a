import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from './run.mjs'

/**
 * @typedef {{ includeFiles?: string, maxDuration?: number }} FunctionOptions
 * @typedef {{ source: string, destination: string }} OwnRewrite
 * @typedef {{
 *   root: string, framework: string, entrypoint?: string, installCommand?: string, buildCommand?: string,
 *   devCommand?: string, outputDirectory?: string, functions?: Record<string, FunctionOptions>, rewrites?: OwnRewrite[]
 * }} Service
 * @typedef {{ source: string, destination: { service: string } }} Rewrite
 * @type {{ $schema: string, services: { web: Service, sync: Service }, rewrites: Rewrite[] }}
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

/** What the CLI reads of a service, and we use; whatever else stood here would be ignored, or refuse the deployment. */
const SERVICE_KEYS = [
  'root',
  'framework',
  'entrypoint',
  'installCommand',
  'buildCommand',
  'devCommand',
  'outputDirectory',
  'functions',
  'rewrites',
]

const { web, sync } = config.services

/**
 * A path on the service itself, once no file has it.
 *
 * @param {string} path
 */
const pageOf = (path) => web.rewrites?.find(({ source }) => new RegExp(`^${source}$`).test(path))?.destination

test('only keys that Vercel knows are used; the retired one is not', () => {
  expect(Object.keys(config).toSorted()).toEqual(['$schema', 'rewrites', 'services'])
  expect(Object.keys(config.services).toSorted()).toEqual(['sync', 'web'])
  for (const service of [web, sync])
    expect(Object.keys(service).filter((key) => !SERVICE_KEYS.includes(key))).toEqual([])
})

test('every service that is routed to exists, and every service is routed to', () => {
  const targets = config.rewrites.map(({ destination }) => destination.service)
  expect(new Set(targets)).toEqual(new Set(Object.keys(config.services)))
})

test('rooms and unknown addresses are the page; modules of a development server are not', () => {
  for (const path of ['/', '/rooms/lobby', '/rooms/a.b', '/no/such/place'])
    expect([path, pageOf(path)]).toEqual([path, '/index.html'])
  for (const path of ['/src/main.tsx', '/@vite/client', '/node_modules/.vite/deps/yjs.js', '/assets/a.js'])
    expect([path, pageOf(path)]).toEqual([path, undefined])
})

test('the entry stands in the repository before anything is built, and is what the server build default-exports', async () => {
  expect(sync.entrypoint).toBe('vercel.mjs')
  const entry = readFileSync(join(ROOT, sync.root, sync.entrypoint ?? ''), 'utf8')
  expect(entry).toContain("export { default } from './dist/main.js'")
  expect(readFileSync(join(ROOT, sync.root, 'src', 'main.ts'), 'utf8')).toMatch(/^export default server$/m)
})

test('what worker threads import goes along: Vercel sees imports of the entry only', () => {
  expect(sync.functions).toEqual({
    [sync.entrypoint ?? '']: { includeFiles: '{server,shared}/dist/**/*.js', maxDuration: 300 },
  })
  // otherwise dist/index.js would be taken for the entry
  expect(sync.outputDirectory).toBe('.')
})

test.each([
  ['web', web],
  ['sync', sync],
])('%s is installed and built by our own scripts, from wherever the command is run', (_name, service) => {
  expect(existsSync(join(ROOT, service.root, 'package.json'))).toBe(true)
  const up = service.root.split('/').fill('..').join('/')
  expect(service.installCommand).toBe(`cd "$(npm prefix)/${up}" && node scripts/install.mjs`)
  for (const [, script] of `${service.installCommand} ${service.buildCommand}`.matchAll(
    /node (scripts\/[a-z-]+\.mjs)/g,
  ))
    expect(existsSync(join(ROOT, script ?? ''))).toBe(true)
})

test('the page looks for sockets where they are routed to, in a deployment and in development', () => {
  for (const command of [web.buildCommand, web.devCommand]) {
    const base = /^VITE_WS_URL=(\S+) vite/.exec(command ?? '')?.[1]
    expect(serviceOf(`${base}/lobby`)).toBe('sync')
  }
  expect(web.devCommand).toContain('--port $PORT')
  // from source, reloading
  expect(sync.devCommand).toContain('--conditions=@roomful/source src/main.ts')
})

test('in development the page is let in: the proxy of `vercel dev` tells neither Host nor X-Forwarded-Host of an upgrade', () => {
  const command = (sync.devCommand ?? '').replace(/tsx watch .*$/, 'printenv ALLOWED_ORIGINS')
  /** @param {Record<string, string>} env */
  const allowed = (env) => {
    const settings = { PATH: process.env.PATH, VERCEL_URL: 'localhost:43100', ...env }
    return execFileSync('sh', ['-c', command], { env: settings, encoding: 'utf8' }).trim()
  }
  expect(allowed({})).toBe('http://localhost:43100')
  expect(allowed({ ALLOWED_ORIGINS: 'https://other.example' })).toBe('https://other.example')
})
