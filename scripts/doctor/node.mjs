import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { nodeComplaint } from '../node-version.mjs'
import { ok, trouble } from './finding.mjs'

/**
 * Whether this Node is new enough.
 *
 * @param {import('./checks.mjs').Checkout} checkout
 * @param {string} [version]
 */
export function lookAtNode({ root }, version = process.versions.node) {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const complaint = nodeComplaint(version, engines.node)
  if (complaint === undefined) return [ok(`${version}, ${engines.node} is needed`)]
  return [trouble('old-node', `this is Node ${version}, ${engines.node} is needed`, complaint)]
}
