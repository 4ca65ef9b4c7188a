import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ensureRedis } from './redis.mjs'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'roomful-redis-'))
  mkdirSync(join(folder, 'bin'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a bare Debian gets redis-server from apt-get, as root', async () => {
  const server = join(folder, 'bin', 'redis-server')
  const log = join(folder, 'log')
  const install = `printf '#!/bin/sh\\n' > ${server}; /bin/chmod 755 ${server}`
  const aptGet = join(folder, 'bin', 'apt-get')
  writeFileSync(aptGet, `#!/bin/sh\necho "$@" >> ${log}\nif [ "$1" = install ]; then ${install}; fi\n`)
  chmodSync(aptGet, 0o755)
  expect(await ensureRedis({ env: { PATH: join(folder, 'bin') }, isRoot: true })).toEqual({ path: server })
  expect(readFileSync(log, 'utf8')).toBe('update\ninstall -y --no-install-recommends redis-server\n')
})

test('where there is none to be had the reason is one line with the way out', async () => {
  expect(await ensureRedis({ env: { PATH: join(folder, 'bin') } })).toEqual({
    reason: 'no redis-server on PATH; this is not a Debian system; install Redis 6.2 or newer',
  })
})
