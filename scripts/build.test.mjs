import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { copyWorkers } from './build.mjs'

test('workers and their declarations land beside the compiled code, TypeScript sources do not', () => {
  const root = mkdtempSync(join(tmpdir(), 'roomful-build-'))
  const source = join(root, 'server', 'src', 'worker')
  mkdirSync(source, { recursive: true })
  writeFileSync(join(source, 'compact.js'), 'export const one = 1\n')
  writeFileSync(join(source, 'compact.d.ts'), "import type { Two } from '../two.ts'\n")
  writeFileSync(join(source, 'compactor.ts'), '')
  copyWorkers(root)
  const built = join(root, 'server', 'dist', 'worker')
  expect(readFileSync(join(built, 'compact.js'), 'utf8')).toBe('export const one = 1\n')
  expect(readFileSync(join(built, 'compact.d.ts'), 'utf8')).toBe("import type { Two } from '../two.js'\n")
  expect(existsSync(join(built, 'compactor.ts'))).toBe(false)
  rmSync(root, { recursive: true })
})
