import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ok, reasonOf, skipped, trouble } from './finding.mjs'

/** The version these lists were read from (its `validateConfig`), and the pages that describe them. */
const CLI = 'vercel@60.1.3'
const SERVICES_PAGE = 'https://vercel.com/docs/services/config-reference'
const FILE_PAGE = 'https://vercel.com/docs/project-configuration/vercel-json'

/** A service with any other key is refused. */
const SERVICE_KEYS = new Set([
  'root',
  'framework',
  'runtime',
  'entrypoint',
  'command',
  'installCommand',
  'buildCommand',
  'devCommand',
  'ignoreCommand',
  'outputDirectory',
  'bindings',
  'functions',
  'headers',
  'redirects',
  'rewrites',
  'routes',
  'cleanUrls',
  'trailingSlash',
])

/** With `services` these belong to one of them, and are refused beside it. */
const BUILD_KEYS = new Set([
  'functions',
  'installCommand',
  'buildCommand',
  'devCommand',
  'ignoreCommand',
  'outputDirectory',
  'framework',
])

/** Refused beside `services`: what it replaced. */
const RETIRED_KEYS = new Set([
  'builds',
  'experimentalServices',
  'experimentalServicesV2',
  'experimentalServiceGroups',
])

/** Whatever else stands at the top is read by nobody: the command line says nothing about it. */
const FILE_KEYS = new Set([
  '$schema',
  'services',
  'rewrites',
  'redirects',
  'headers',
  'routes',
  'cleanUrls',
  'trailingSlash',
  'images',
  'crons',
  'schedules',
  'proxy',
  'bunVersion',
  'fluid',
  'regions',
  'functionFailoverRegions',
  'passiveRegions',
  'public',
  'git',
  'github',
  'version',
  'name',
  'alias',
  'scope',
  'env',
  'build',
  'relatedProjects',
])

/**
 * Whether Vercel takes every key of `vercel.json`.
 *
 * @param {import('./checks.mjs').Checkout} checkout
 */
export function lookAtVercelKeys({ root }) {
  const file = join(root, 'vercel.json')
  if (!existsSync(file)) return [skipped('there is no vercel.json')]
  let config
  try {
    config = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    return [
      trouble(
        'vercel-keys',
        `vercel.json is no JSON (${reasonOf(error)})`,
        'correct it: no comments, no trailing commas',
      ),
    ]
  }
  const found = [...topFindings(config), ...serviceFindings(config.services ?? {})]
  return found.length > 0 ? found : [ok(`vercel.json: every key is one that ${CLI} takes`)]
}

/** @param {Record<string, unknown>} config */
function topFindings(config) {
  const found = []
  for (const key of Object.keys(config)) {
    if (RETIRED_KEYS.has(key))
      found.push(
        trouble(
          'vercel-keys',
          `vercel.json has "${key}", which Vercel refuses beside "services"`,
          'describe it in "services" and take the old key out',
        ),
      )
    else if (BUILD_KEYS.has(key))
      found.push(
        trouble(
          'vercel-keys',
          `vercel.json has "${key}" at the top, where Vercel refuses it beside "services"`,
          `move it into the service it is for, see ${SERVICES_PAGE}`,
        ),
      )
    else if (!FILE_KEYS.has(key))
      found.push(
        trouble(
          'vercel-keys',
          `vercel.json has "${key}" at the top, which Vercel ignores`,
          `correct its spelling or take it out, see ${FILE_PAGE}`,
        ),
      )
  }
  return found
}

/** @param {Record<string, Record<string, unknown>>} services */
function serviceFindings(services) {
  const found = []
  for (const [name, service] of Object.entries(services)) {
    const unknown = Object.keys(service).filter((key) => !SERVICE_KEYS.has(key))
    for (const key of unknown)
      found.push(
        trouble(
          'vercel-keys',
          `vercel.json: service "${name}" has "${key}", and Vercel refuses unknown keys there`,
          adviceOn(key),
        ),
      )
    if (service['root'] === undefined)
      found.push(
        trouble(
          'vercel-keys',
          `vercel.json: service "${name}" has no "root", which Vercel wants`,
          'name its folder: "root": "server"',
        ),
      )
  }
  return found
}

/** @param {string} key */
function adviceOn(key) {
  switch (key) {
    case 'routePrefix':
    case 'mount':
      return 'take it out: the rewrites at the top of the file say which paths a service gets'
    case 'maxDuration':
    case 'memory':
      return 'put it under "functions" of that service, by the path of its entrypoint'
    default:
      return `correct its spelling or take it out, see ${SERVICES_PAGE}`
  }
}
