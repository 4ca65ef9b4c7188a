import { parseChatMessage } from '@roomful/shared'
import * as decoding from 'lib0/decoding'
import { KIND, StructReader } from './struct-reader.ts'
import type { UpdateLayout } from './update-layout.ts'

/** Units at the top level of the chat: one message, or `length` units that are none. */
export interface ChatUnit {
  readonly client: number
  readonly clock: number
  readonly length: number
  /** What the room's rules look at in a message. */
  readonly message: { readonly id: string; readonly userId: string; readonly sentAt: number } | undefined
}

/** More elements than this in one struct are no messages: no chat holds so many, and each would have to be decoded. */
const MAX_ELEMENTS = 10_000

/**
 * Many times the longest message: a struct with more than this for each of its elements holds what is none, and is not decoded. It is
 * one person's: who says so much is not heard with what stands beside it.
 */
const MAX_ELEMENT_BYTES = 64 * 1024

const reader = new StructReader()

/**
 * The chat units of one struct, from unit `offset` behind its `clock` on. What is deleted or collected already is left out.
 * Its bytes were scanned: nothing here throws.
 *
 * @param isUnread do not look: whatever it is counts as no message
 */
export function readChatUnits(
  layout: UpdateLayout,
  section: number,
  i: number,
  clock: number,
  offset: number,
  isUnread = false,
): ChatUnit[] {
  reader.load(layout.bytes, layout.at[i] as number, layout.structEnd(section, i))
  reader.head()
  const client = layout.client[section] as number
  const { kind } = reader
  const length = layout.length[i] as number
  if (kind === KIND.gc || kind === KIND.deleted || kind === KIND.skip) return []
  const isTooLong = reader.end - reader.at > length * MAX_ELEMENT_BYTES
  if ((kind !== KIND.any && kind !== KIND.json) || length > MAX_ELEMENTS || isTooLong || isUnread)
    return [{ client, clock: clock + offset, length: length - offset, message: undefined }]
  const decoder = decoding.createDecoder(layout.bytes)
  decoder.pos = reader.at
  const units: ChatUnit[] = []
  const count = decoding.readVarUint(decoder)
  for (let unit = 0; unit < count; unit++) {
    const value: unknown =
      kind === KIND.any ? decoding.readAny(decoder) : parseJson(decoding.readVarString(decoder))
    if (unit < offset) continue
    const parsed = parseChatMessage(value)
    const message = parsed && { id: parsed.id, userId: parsed.userId, sentAt: parsed.sentAt }
    units.push({ client, clock: clock + unit, length: 1, message })
  }
  return units
}

/** An element of `ContentJSON`: JSON, or the word Yjs writes for an absent value. */
function parseJson(text: string): unknown {
  return text === 'undefined' ? undefined : JSON.parse(text)
}
