import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'vitest'
import { runLogBackendTests } from './contract.ts'
import type { LogFixture } from './contract-probe.ts'
import { CONTRACT_REVOCATIONS, runRevocationLogTests } from './contract-revocations.ts'
import { createEmbeddedLog } from './embedded-log.ts'

async function createFixture(): Promise<LogFixture> {
  const dir = await mkdtemp(join(tmpdir(), 'roomful-log-'))
  const backends = [await createEmbeddedLog({ dir, maxRevocations: CONTRACT_REVOCATIONS })]
  return {
    backend: backends[0] ?? (await createEmbeddedLog({ dir, maxRevocations: CONTRACT_REVOCATIONS })),
    reopen: async () => {
      await backends.at(-1)?.close()
      const next = await createEmbeddedLog({ dir, maxRevocations: CONTRACT_REVOCATIONS })
      backends.push(next)
      return next
    },
    dispose: async () => {
      await backends.at(-1)?.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

runLogBackendTests('embedded', createFixture, { describe, test })
runRevocationLogTests('embedded', createFixture, { describe, test })
