import { describe, test } from 'vitest'
import { runLogBackendTests } from './contract.ts'
import { createMemoryLog } from './memory-log.ts'

runLogBackendTests(
  'memory',
  async () => {
    const backend = createMemoryLog()
    return { backend, dispose: () => backend.close() }
  },
  { describe, test },
)
