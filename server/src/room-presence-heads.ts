import { MESSAGE } from '@roomful/shared'
import { varUintLength, writeVarUint } from './room-presence-wire.ts'

/** What stands before so many entries of so many bytes. */
export type EncodeHead = (count: number, entryBytes: number) => Uint8Array

/** `[1, length, count]` of an awareness message. */
export function encodeAwarenessHead(count: number, entryBytes: number): Uint8Array {
  const length = varUintLength(count) + entryBytes
  const head = new Uint8Array(1 + varUintLength(length) + varUintLength(count))
  head[0] = MESSAGE.awareness
  writeVarUint(head, writeVarUint(head, 1, length), count)
  return head
}

/** `[108, count]` of a moved message. */
export function encodeMovedHead(count: number): Uint8Array {
  const head = new Uint8Array(1 + varUintLength(count))
  head[0] = MESSAGE.moved
  writeVarUint(head, 1, count)
  return head
}
