import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRedisLog } from '@roomful/server'
import { BOARD } from '@roomful/shared'
import { expect, test } from 'vitest'
import {
  COMPACT_ENTRIES,
  COMPACT_FRACTION,
  COMPACT_MIN_BYTES,
  COMPACT_STRUCTS_PER_ENTRY,
} from '../../server/src/room-compaction.ts'
import { acknowledged } from '../support/acknowledged.ts'
import { redisSuite } from '../support/redis-suite.ts'
import { connectStock } from '../support/stock-client.ts'
import { startServer } from '../support/test-server.ts'
import { waitFor } from '../support/wait.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const PAGE = readFileSync(join(ROOT, 'docs/faq.md'), 'utf8')

const suite = redisSuite()

test.each(['live', 'auto', 'off'] as const)(
  'an instance holds two connections to Redis however many rooms are open, YREDIS=%s',
  async (yredis) => {
    const redis = await suite.start()
    const backend = await createRedisLog({ url: redis.url, yredis })
    const server = await startServer({ backend, storageKind: 'redis' })
    suite.after(() => server.close())
    for (const room of ['one', 'two', 'three']) {
      const client = connectStock(server.wsUrl, room)
      suite.after(() => client.destroy())
      await waitFor('the room', () => client.provider.synced)
      client.doc.getText('note').insert(0, 'words')
      await acknowledged(client)
    }
    const clients = String(await redis.admin.client('LIST'))
    expect(clients.match(/ name=roomful /g)).toHaveLength(2)
    // the other one is this test's
    expect(clients.trim().split('\n')).toHaveLength(3)
  },
)

test('docs/faq.md has the numbers of the code', () => {
  expect(PAGE).toContain(`${COMPACT_ENTRIES.toLocaleString('en')} entries`)
  expect(PAGE).toContain(`one for every ${COMPACT_STRUCTS_PER_ENTRY} pieces of the snapshot`)
  expect(PAGE).toContain(`${COMPACT_MIN_BYTES / 1024} KiB`)
  expect([COMPACT_FRACTION, PAGE.includes('a quarter of its snapshot')]).toEqual([0.25, true])
  expect(PAGE).toContain(`${BOARD.width.toLocaleString('en')} x ${BOARD.height.toLocaleString('en')} units`)
})

test('what it calls free of Node built-ins is', () => {
  for (const folder of ['shared/src', 'client/provider/src', 'client/react/src']) {
    const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    const sources = files.filter((name) => /\.tsx?$/.test(name) && !/\.test\./.test(name))
    expect(sources.length).toBeGreaterThan(5)
    for (const name of sources)
      expect(readFileSync(join(ROOT, folder, name), 'utf8'), name).not.toMatch(
        /from '(node:|fs'|crypto'|http')/,
      )
  }
})

test('its links, and those of troubleshooting.md, lead somewhere', () => {
  for (const name of ['faq.md', 'troubleshooting.md']) {
    const page = readFileSync(join(ROOT, 'docs', name), 'utf8')
    for (const [, file = '', part] of page.matchAll(/\]\(([\w./-]+\.md)(?:#([\w-]+))?\)/g)) {
      const target = readFileSync(join(ROOT, 'docs', file), 'utf8')
      const parts = [...target.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
        title
          .toLowerCase()
          .replace(/[^\w -]/g, '')
          .replaceAll(' ', '-'),
      )
      if (part !== undefined) expect(parts).toContain(part)
    }
  }
})
