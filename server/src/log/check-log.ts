import type { LogBackend } from './room-log.ts'

/** Resolves where a log serves now, else rejects with what it says. */
export async function checkLog(backend: LogBackend): Promise<void> {
  if (backend.check !== undefined) return backend.check()
  for await (const _room of backend.rooms()) return
}
