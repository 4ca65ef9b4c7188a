import type { RedisReply } from './redis-commands.ts'

/** A bulk string as text; `undefined` for everything else. */
export function textOf(reply: RedisReply): string | undefined {
  if (Buffer.isBuffer(reply)) return reply.toString()
  return typeof reply === 'string' ? reply : undefined
}

/** A whole number, from an integer or from text; `undefined` for everything else. */
export function countOf(reply: RedisReply): number | undefined {
  if (typeof reply === 'number') return reply
  const text = textOf(reply)
  if (text === undefined || !/^\d{1,16}$/.test(text)) return undefined
  return Number(text)
}

/** The elements of an array; none for everything else. */
export function listOf(reply: RedisReply): readonly RedisReply[] {
  return Array.isArray(reply) ? reply : []
}

/** The fields of a hash as they come from HGETALL. */
export function fieldsOf(reply: RedisReply): Map<string, RedisReply> {
  const list = listOf(reply)
  const fields = new Map<string, RedisReply>()
  for (let index = 0; index + 1 < list.length; index += 2)
    fields.set(textOf(list[index]) ?? '', list[index + 1])
  return fields
}

/** The bytes as Redis takes them, without copying. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
