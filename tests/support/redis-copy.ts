import { expect } from 'vitest'
import type { RedisServer } from './redis-server.ts'

/** Everything that a Redis held at some moment. */
export type RedisCopy = readonly { readonly key: string; readonly dump: Buffer }[]

export async function copyOf({ admin }: RedisServer): Promise<RedisCopy> {
  const keys = await admin.keys('*')
  return Promise.all(
    keys.map(async (key) => ({ key, dump: (await admin.dumpBuffer(key)) ?? Buffer.alloc(0) })),
  )
}

/** What a Redis holds becomes a copy, in one moment and under whatever connections are open. */
export async function exchange({ admin }: RedisServer, copy: RedisCopy): Promise<void> {
  const batch = admin.multi().flushall()
  for (const { key, dump } of copy) batch.restore(key, 0, dump)
  expect(await batch.exec()).not.toBeNull()
}
