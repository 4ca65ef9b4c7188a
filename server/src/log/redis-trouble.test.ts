import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { isFailedOver, withoutArguments, isOwnFault } from './redis-trouble.ts'

test.each([
  "READONLY You can't write against a read only replica.",
  // Redis 7, from a script
  "READONLY You can't write against a read only replica. script: 3c4b, on @user_script:23.",
  // Redis 6.2, from a script
  "ERR Error running script (call to f_3c4b): @user_script:23: @user_script: 23: -READONLY You can't write against a read only replica. ",
  "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
])('another server is the one to write to: %s', (message) => {
  expect(isFailedOver(new Error(message))).toBe(true)
})

test.each([
  "OOM command not allowed when used memory > 'maxmemory'.",
  'BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.',
  'LOADING Redis is loading the dataset in memory',
])('this server is the one, only not now: %s', (message) => {
  expect(isFailedOver(new Error(message))).toBe(false)
})

test('of the command of an error only its name stays, on those of a cluster’s nodes too', () => {
  const failed = (): Error =>
    Object.assign(new Error('ERR max number of clients reached'), {
      command: { name: 'hello', args: ['3', 'AUTH', 'bob', 'secret', Buffer.from('a diary')] },
    })
  const error = Object.assign(failed(), { lastNodeError: failed() })
  expect(withoutArguments(error)).toBe(error)
  expect(error).toMatchObject({ command: 'hello', lastNodeError: { command: 'hello' } })
  expect(inspect(error, { depth: 9 })).not.toContain('secret')
  expect(withoutArguments('words')).toEqual(new Error('words'))
})

test.each([
  ['WRONGTYPE Operation against a key holding the wrong kind of value script: 1f, on @user_script:2.', true],
  [
    'ERR Error running script (call to f_1f): @user_script:2: @user_script: 2: -WRONGTYPE Operation against a key',
    true,
  ],
  ['ERR string exceeds maximum allowed size (proto-max-bulk-len)', true],
  ["OOM command not allowed when used memory > 'maxmemory'. script: 1f, on @user_script:12.", false],
  ["READONLY You can't write against a read only replica. script: 1f, on @user_script:12.", false],
  ['Redis has been silent for 3000 ms', false],
])('what lies in the keys of one room is told from what concerns all: %s', (message, isOwn) => {
  expect(isOwnFault(new Error(message))).toBe(isOwn)
  expect(isOwnFault(new Error('Redis cannot be asked now', { cause: new Error(message) }))).toBe(isOwn)
})
