import { expect, test } from 'vitest'
import { createLogger } from './logger.ts'

test('a log line is JSON with its level, instance and fields; quieter levels are not written', () => {
  const lines: string[] = []
  const logger = createLogger({
    level: 'info',
    instanceId: 'i1',
    destination: { write: (line) => lines.push(line) },
  })
  logger.debug('not written')
  logger.info({ room: 'lobby' }, 'opened')
  expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
    { level: 30, instanceId: 'i1', room: 'lobby', msg: 'opened' },
  ])
})
