import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT, rootManifest } from './run.mjs'

const FOLDER = join(ROOT, 'docs', 'deploy')
/** @param {string} name */
const read = (name) => readFileSync(join(FOLDER, name), 'utf8')
const dockerfile = read('Dockerfile')
const compose = read('compose/compose.yaml')
const nginx = read('compose/nginx.conf')

/** @param {string} word */
const lines = (word) => dockerfile.split('\n').filter((line) => line.startsWith(`${word} `))

test('the Dockerfile copies what the repository has, and all that decides over an installation before it', () => {
  const copied = lines('COPY')
    .filter((line) => !line.includes('--from='))
    .flatMap((line) => line.split(' ').slice(1, -1))
  expect(copied.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
  const manifests = [...readFileSync(join(ROOT, 'pnpm-workspace.yaml'), 'utf8').matchAll(/^ {2}- (.+)$/gm)]
  const before = dockerfile.slice(0, dockerfile.indexOf('RUN node scripts/install.mjs'))
  for (const [, folder] of manifests) expect(before).toContain(`COPY ${folder}/package.json ${folder}/`)
})

test('its steps are our own scripts, with the pinned pnpm; it starts what the build makes, as nobody special', () => {
  const scripts = [...dockerfile.matchAll(/^RUN node (scripts\/\S+)/gm)].map(([, script]) => script ?? '')
  expect(scripts).toEqual(['scripts/install.mjs', 'scripts/build.mjs'])
  for (const script of scripts) expect(existsSync(join(ROOT, script))).toBe(true)
  expect(dockerfile).toContain(`npx --yes ${rootManifest().packageManager} --filter @roomful/server deploy`)
  expect(lines('CMD')).toEqual(['CMD ["node", "server/dist/main.js"]'])
  expect(lines('USER')).toEqual(['USER node'])
  expect(dockerfile.lastIndexOf('USER node')).toBeGreaterThan(dockerfile.lastIndexOf('FROM '))
})

test('its health check asks /readyz of the port that is set', () => {
  expect(lines('HEALTHCHECK')).toHaveLength(1)
  expect(lines('HEALTHCHECK')[0]).toContain('fetch(`http://127.0.0.1:${process.env.PORT}/readyz`)')
  expect(lines('ENV')[0]).toMatch(/HOST=0\.0\.0\.0 PORT=3000 DATA_DIR=\/data STATIC_DIR=\/app\/public$/)
})

test('the compose builds that Dockerfile, and its proxy leads to both instances with their upgrades', () => {
  expect(compose).toContain('dockerfile: docs/deploy/Dockerfile')
  const context = /context: (\S+)/.exec(compose)?.[1] ?? ''
  expect(join(FOLDER, 'compose', context)).toBe(join(ROOT))
  expect(existsSync(join(FOLDER, 'compose', 'nginx.conf'))).toBe(true)
  for (const name of ['one', 'two']) {
    expect(compose).toMatch(new RegExp(`^ {2}${name}:$`, 'm'))
    expect(nginx).toContain(`server ${name}:3000 `)
  }
  expect(compose).toContain('--maxmemory-policy, noeviction')
  expect(nginx).toContain('proxy_set_header Upgrade $http_upgrade;')
  expect(nginx).toContain('proxy_set_header Host $http_host;')
})
