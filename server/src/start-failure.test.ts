import { expect, test } from 'vitest'
import { LogError } from './log/log-error.ts'
import { isReadOnlyDisk } from './open-storage.ts'
import { explainStartFailure } from './start-failure.ts'

const config = { host: '127.0.0.1', port: 3000 }
const coded = (code: string, message = code): Error => Object.assign(new Error(message), { code })

test.each([
  [coded('EADDRINUSE'), 'set PORT'],
  [coded('EACCES'), 'set PORT to 1024'],
  [coded('EADDRNOTAVAIL'), 'set HOST'],
  [coded('ENOTFOUND'), 'set HOST'],
  [new LogError('folder-in-use', 'folder in use: set REDIS_URL'), 'folder in use'],
  [new Error('something else'), 'something else'],
  ['no error at all', 'no error at all'],
])('%s: one line that says what to do', (error, hint) => {
  const line = explainStartFailure(error, config)
  expect(line).toContain(hint)
  expect(line).toMatch(/^Cannot start: .+$/)
})

test('a read-only disk is told from a forbidden folder, also inside a wrapped error', () => {
  const wrapped = new LogError('not-writable', 'not writable', { cause: coded('EROFS') })
  const fromLevel = new Error('failed', { cause: new Error('IO error: /d/LOCK: Read-only file system') })
  expect([wrapped, fromLevel].map(isReadOnlyDisk)).toEqual([true, true])
  expect(
    [coded('EACCES'), new LogError('not-writable', 'x'), 'EROFS', undefined].map(isReadOnlyDisk),
  ).toEqual([false, false, false, false])
})
