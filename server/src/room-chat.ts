import type { Limits } from '@roomful/shared'
import { ByteWriter } from './room/byte-writer.ts'
import type { ChatLedger } from './room/chat-ledger.ts'
import type { ChatUnit } from './room/chat-units.ts'
import type { DeleteGuard } from './room/fresh-deletes.ts'
import type { Member } from './member.ts'

/** Why the server deletes from a chat: somebody else's name, no message at all, or more than the room keeps. */
export type ChatVerdict = 'forged' | 'malformed' | 'trimmed'

/**
 * What a member may not delete with an update: what others said, where the authorizer knows who it is and has not made it an
 * administrator.
 */
export function deleteGuardOf(
  { user, permission }: Member,
  update: Uint8Array,
  ledger: ChatLedger,
): DeleteGuard | undefined {
  // the last byte of an update that deletes something is a length, which is not 0
  if (user === undefined || permission === 'admin' || ledger.size === 0 || update.at(-1) === 0)
    return undefined
  return ledger.guardFor(user.id)
}

/**
 * What the server itself deletes after an update of a member: messages in somebody else's name, what is no message, and the
 * oldest ones above the limit. A deletion needs no clientID, so it can be an update of nobody's.
 *
 * @param units what the update brought to the top level of the chat; they are in the ledger already
 * @param count hears of each verdict with the number of units
 * @returns a delete-only update; `undefined` where all is well
 */
export function reviewChat(
  { user }: Pick<Member, 'user'>,
  units: readonly ChatUnit[],
  ledger: ChatLedger,
  limits: Pick<Limits, 'chatMessages'>,
  count: (verdict: ChatVerdict, units: number) => void,
): Uint8Array | undefined {
  const condemned: ChatUnit[] = []
  if (user !== undefined) {
    for (const unit of units) {
      const verdict = judge(unit, user.id, ledger)
      if (verdict === undefined) continue
      condemned.push(unit)
      count(verdict, unit.length)
    }
  }
  const doomed = new Set(condemned.filter(({ message }) => message !== undefined).map(keyOf))
  const surplus = ledger.size - doomed.size - limits.chatMessages
  if (surplus > 0) {
    const oldest = ledger
      .oldest(surplus + doomed.size)
      .filter((entry) => !doomed.has(keyOf(entry)))
      .slice(0, surplus)
    for (const { client, clock } of oldest) condemned.push({ client, clock, length: 1, message: undefined })
    count('trimmed', oldest.length)
  }
  return condemned.length === 0 ? undefined : encodeDeletes(condemned)
}

function keyOf({ client, clock }: { readonly client: number; readonly clock: number }): string {
  return `${client}/${clock}`
}

function judge({ message }: ChatUnit, userId: string, ledger: ChatLedger): ChatVerdict | undefined {
  if (message === undefined) return 'malformed'
  // clients show one message per id: a second one of somebody else would take the first one's place
  const isOwn = message.userId === userId && (ledger.ownerOf(message.id) ?? userId) === userId
  return isOwn ? undefined : 'forged'
}

/** An update that only deletes. */
function encodeDeletes(condemned: readonly ChatUnit[]): Uint8Array {
  const clients = new Map<number, ChatUnit[]>()
  for (const unit of condemned) {
    const others = clients.get(unit.client)
    if (others === undefined) clients.set(unit.client, [unit])
    else others.push(unit)
  }
  const writer = new ByteWriter(64)
  writer.varUint(0)
  writer.varUint(clients.size)
  // highest clientID first: the order in which Yjs writes
  for (const [client, units] of [...clients].sort((a, b) => b[0] - a[0])) {
    writer.varUint(client)
    writer.varUint(units.length)
    for (const { clock, length } of units.sort((a, b) => a.clock - b.clock)) {
      writer.varUint(clock)
      writer.varUint(length)
    }
  }
  return writer.bytes.slice(0, writer.length)
}
