import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'vitest'
import { runLogBackendTests } from './contract.ts'
import { createEmbeddedLog } from './embedded-log.ts'

runLogBackendTests(
  'embedded',
  async () => {
    const dir = await mkdtemp(join(tmpdir(), 'roomful-log-'))
    const backends = [await createEmbeddedLog({ dir })]
    return {
      backend: backends[0] ?? (await createEmbeddedLog({ dir })),
      reopen: async () => {
        await backends.at(-1)?.close()
        const next = await createEmbeddedLog({ dir })
        backends.push(next)
        return next
      },
      dispose: async () => {
        await backends.at(-1)?.close()
        await rm(dir, { recursive: true, force: true })
      },
    }
  },
  { describe, test },
)
