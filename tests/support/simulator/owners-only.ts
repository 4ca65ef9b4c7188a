import { decodeMessage } from '@roomful/shared'
import * as Y from 'yjs'
import type { Member } from '../../../server/src/member.ts'
import { decodeAwareness } from './awareness-entries.ts'
import type { RoomClaims, RoomUnderTest } from './instance.ts'

/** A wrong room: refuses structs of a clientID that another connection speaks for (room-log.md section 4). */
export class OwnersOnly implements RoomUnderTest {
  readonly #room: RoomUnderTest
  /** The clientID each member was the first to prove. */
  readonly #owners = new Map<Member, number>()

  constructor(room: RoomUnderTest) {
    this.#room = room
  }

  join(member: Member): void {
    this.#room.join(member)
  }

  receive(member: Member, frame: Uint8Array): void {
    const message = decodeMessage(frame)
    if (message?.type === 'awareness') {
      const [own, ...others] = decodeAwareness(message.update)
      if (own !== undefined && others.length === 0 && !this.#owners.has(member))
        this.#owners.set(member, own.client)
    }
    if (
      (message?.type === 'update' || message?.type === 'sync-step2') &&
      this.#isForeign(member, message.update)
    )
      return
    this.#room.receive(member, frame)
  }

  leave(member: Member): void {
    this.#owners.delete(member)
    this.#room.leave(member)
  }

  close(): Promise<void> {
    return this.#room.close()
  }

  compact(): void {
    this.#room.compact?.()
  }

  claims(): RoomClaims {
    const claims = this.#room.claims?.()
    if (claims === undefined) throw new Error('the room under a mutant can be asked')
    return claims
  }

  #isForeign(member: Member, update: Uint8Array): boolean {
    const writers = Y.parseUpdateMeta(update).to
    for (const [other, client] of this.#owners) if (other !== member && writers.has(client)) return true
    return false
  }
}
