import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { nodeComplaint } from './node-version.mjs'
import { ROOT } from './run.mjs'

test.each(['20.19.0', '20.20.2', '22.0.0', '26.1.0', '100.0.0'])('Node %s is accepted', (version) => {
  expect(nodeComplaint(version, '>=20.19')).toBeUndefined()
})

test.each(['20.18.3', '18.20.4', '14.0.0', '0.12.18'])(
  'Node %s is refused in one line that names both versions',
  (version) => {
    const complaint = nodeComplaint(version, '>=20.19')
    expect(complaint).toContain(`this is Node ${version}`)
    expect(complaint).toContain('Node 20.19 or newer')
    expect(complaint).not.toContain('\n')
  },
)

test('a range without a minor version accepts every minor version of it', () => {
  expect(nodeComplaint('22.0.0', '>=22')).toBeUndefined()
  expect(nodeComplaint('21.9.0', '>=22')).toContain('Node 22 or newer')
})

const OLD_NODE =
  'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"18.20.4"}})'

test.each(['start', 'test', 'test-long', 'dev', 'check', 'build', 'install', 'ci'])(
  'under an old Node scripts/%s.mjs prints one line and ends with 1',
  (name) => {
    const script = join(ROOT, 'scripts', `${name}.mjs`)
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', OLD_NODE, script], {
      encoding: 'utf8',
    })
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^roomful: Node 20\.19 or newer is needed, this is Node 18\.20\.4\..*\n$/)
  },
)
