import { CLOSE, encodeSyncStep1, encodeUpdate, type CloseCode, type LimitName } from '@roomful/shared'
import { assertNever } from './assert-never.ts'
import { ASK_INTERVAL_MS, type Missing } from './room-asks.ts'
import type { LargeAdmission } from './room-large-updates.ts'
import type { RoomDocument } from './room-document.ts'
import type { Intake } from './room-intake.ts'
import { notify, tellReadOnly } from './room-notices.ts'
import type { RoomOptions } from './room-options.ts'
import type { Seat } from './room-seat.ts'
import type { ChatUnit } from './room/chat-units.ts'
import type { Admission, KnownUnits } from './room/admission.ts'
import type { Excess } from './room/content-bounds.ts'
import { deleteGuardOf, reviewChat } from './room-chat.ts'
import { mayWriteAgain, refuseWrite, type UpdateMessage } from './room-write-access.ts'

const LIMIT_OF: Readonly<Record<Excess, LimitName>> = {
  clients: 'roomClients',
  structs: 'roomStructs',
  deleteRanges: 'roomDeleteRanges',
}

/** Whether what was refused is taken by now is looked at so often. */
const REFUSED_PULSE_MS = 2_000
/** Units of one member are compared at most so often: honest ones agree. */
const COMPARE_INTERVAL_MS = 1_000

type Refused = Extract<Admission, { readonly kind: 'refused' }>

/** Those units that are of the clientID the member speaks for. */
function ownOf(seat: Seat, units: readonly KnownUnits[] | undefined): KnownUnits | undefined {
  return units?.find(({ client }) => client === seat.presence.boundId)
}

/** What writing needs of its room. */
export interface WritesOwner {
  readonly document: RoomDocument
  readonly options: RoomOptions
  readonly intake: Intake
  /** Whether the member is still here: an update that was large may outlive its connection. */
  isSeated(seat: Seat): boolean
  /** One message for everybody but its sender. */
  say(message: Uint8Array, sender: Seat | undefined): void
  expel(seat: Seat, code: CloseCode, reason: string): void
  /** Sync statuses of this seat may be due at the end of the turn. */
  acknowledgeLater(seat: Seat): void
  /** Look after the members in so many ms. */
  need(ms: number): void
  guard(run: () => void, seat: Seat): void
}

/** Updates of members: who may write, what is admitted, what is asked for. */
export class Writes {
  readonly #owner: WritesOwner
  /** Seats whose SyncStep2 missed something. */
  readonly #lacking = new Set<Seat>()
  #advancedVersion: number

  constructor(owner: WritesOwner) {
    this.#owner = owner
    this.#advancedVersion = owner.document.version
  }

  /** An update of a member, `message` in its frame. */
  take(seat: Seat, message: UpdateMessage, frame: Uint8Array): void {
    const { document, intake, options } = this.#owner
    const { update } = message
    if (!this.#mayWrite(seat, message)) return
    const mayBeOld = !seat.member.extended
    const guard = deleteGuardOf(seat.member, update, document.chat)
    if (!document.isLarge(update, mayBeOld)) {
      intake.charge(seat, update.length)
      return this.#took(seat, message, frame, document.admit(update, mayBeOld, guard))
    }
    options.events.large(update.length)
    intake.hold(seat)
    document.admitLarge(
      update,
      mayBeOld,
      (admission) => {
        this.#owner.guard(() => this.#took(seat, message, frame, admission), seat)
        intake.release(seat)
      },
      guard,
    )
  }

  /** At the end of a turn: asks for what the room now has the base of. */
  advance(now: number): void {
    const { document, need } = this.#owner
    if (this.#advancedVersion === document.version) return
    document.advanced()
    this.#advancedVersion = document.version
    for (const seat of this.#lacking) {
      if (seat.asks.advanced((client) => document.clock(client), now)) this.ask(seat)
      else if (seat.asks.isDue) need(ASK_INTERVAL_MS)
      if (!seat.asks.isMissingSomething) this.#lacking.delete(seat)
    }
  }

  /** Sends our SyncStep1. */
  ask(seat: Seat): void {
    const { document, options } = this.#owner
    options.events.asked()
    seat.outbox.send(encodeSyncStep1(document.encodeStateVector()), options.clock.now())
  }

  /** Asks for what was dropped, as often as that may be. */
  askFor(seat: Seat): void {
    if (seat.asks.dropped(this.#owner.options.clock.now())) this.ask(seat)
    else if (seat.asks.isDue) this.#owner.need(ASK_INTERVAL_MS)
  }

  /** Asks for what was refused while the document was full, where it no longer is. */
  askAgain(seat: Seat): void {
    const { document, options } = this.#owner
    if (mayWriteAgain(seat, document.bytes, options)) this.askFor(seat)
  }

  /** The member has left. */
  forget(seat: Seat): void {
    this.#lacking.delete(seat)
  }

  #took(seat: Seat, message: UpdateMessage, frame: Uint8Array, admission: LargeAdmission): void {
    const { events } = this.#owner.options
    const { update } = message
    switch (admission.kind) {
      case 'refused':
        events.refused(admission.reason)
        return this.#refuse(seat, update, admission)
      case 'full':
        events.limited(LIMIT_OF[admission.excess])
        seat.isOverCount = true
        if (message.type === 'sync-step2') seat.asks.answered(undefined)
        return this.#refuseForSize(seat)
      case 'unread':
        events.unread(admission.error)
        return this.#owner.expel(seat, CLOSE.overload, 'the update cannot be read now')
      case 'append':
        events.appended(admission.update.length)
        // untouched and framed as an update: the sender's own bytes go on to the others
        this.#owner.say(
          message.type === 'update' && admission.update === update ? frame : encodeUpdate(admission.update),
          seat,
        )
        if (admission.chat !== undefined) this.#review(seat, admission.chat)
        break
      case 'known':
        events.known(update.length)
        break
      default:
        assertNever(admission)
    }
    if (admission.guarded !== undefined) events.chatReviewed('kept', admission.guarded)
    if (!this.#owner.isSeated(seat)) return
    this.#lookForThief(seat, update, admission.overlaps)
    if (message.type === 'sync-step2') this.#tookStep2(seat, admission.missing)
    else if (admission.missing !== undefined && admission.missing.size > 0) this.askFor(seat)
  }

  /** Messages in somebody else's name, and more than the room keeps, go in the turn in which they came. */
  #review(seat: Seat, units: readonly ChatUnit[]): void {
    const { document, options } = this.#owner
    const { events, limits } = options
    const deletes = reviewChat(seat.member, units, document.chat, limits, (verdict, count) => {
      events.chatReviewed(verdict, count)
      if (verdict === 'trimmed') events.limited('chatMessages')
    })
    if (deletes === undefined) return
    const admission = document.admit(deletes, false)
    // its sender too: it is nobody's
    if (admission.kind === 'append') this.#owner.say(encodeUpdate(admission.update), undefined)
  }

  /**
   * Whose clientID somebody has written under may say what clashes with that, and is told of it; anybody else is closed.
   * What was refused is in no receipt.
   */
  #refuse(seat: Seat, update: Uint8Array, { reason, isClash, overlaps }: Refused): void {
    const close = (): void => this.#owner.expel(seat, CLOSE.malformed, `malformed update: ${reason}`)
    const own = ownOf(seat, overlaps)
    if (isClash === true && seat.disputes > 0) return
    if (own === undefined) return close()
    this.#compare(seat, update, own, close)
  }

  /** What the member says of units of its own clientID that the room had already: first come wins, and the owner is told. */
  #lookForThief(seat: Seat, update: Uint8Array, overlaps: readonly KnownUnits[] | undefined): void {
    const now = this.#owner.options.clock.now()
    const own = ownOf(seat, overlaps)
    if (own === undefined || now - seat.comparedAt < COMPARE_INTERVAL_MS) return
    seat.comparedAt = now
    this.#compare(seat, update, own, () => {
      seat.disputes -= 1
      this.#owner.acknowledgeLater(seat)
    })
  }

  #compare(seat: Seat, update: Uint8Array, own: KnownUnits, agreed: () => void): void {
    const { document, options } = this.#owner
    // a receipt would say that the member's own words are stored
    seat.disputes += 1
    void document.agrees(update, own).then((isSame) => {
      if (!this.#owner.isSeated(seat)) return
      this.#owner.guard(() => {
        if (isSame) return agreed()
        options.events.stolen()
        notify(seat, 'clock-stolen', options.clock.now())
      }, seat)
    })
  }

  /** Everything the member has was brought: what is still missing is pending there too. */
  #tookStep2(seat: Seat, missing: Missing | undefined): void {
    seat.asks.answered(missing)
    seat.hasRefused = false
    seat.isOverCount = false
    if (seat.asks.isMissingSomething) this.#lacking.add(seat)
    else this.#lacking.delete(seat)
    seat.acks.raise(this.#owner.document.submitted)
    this.#owner.acknowledgeLater(seat)
  }

  /** @returns whether the update may be admitted; says to the member why not. */
  #mayWrite(seat: Seat, message: UpdateMessage): boolean {
    const { document, options } = this.#owner
    const { clock, events } = options
    const refusal = refuseWrite(seat, message, document, options)
    if (refusal === undefined) return true
    if (message.type === 'sync-step2') seat.asks.answered(undefined)
    if (refusal === 'nothing-new') return false
    this.#owner.need(REFUSED_PULSE_MS)
    switch (refusal) {
      case 'read-only':
        seat.hasRefused = true
        events.readOnly()
        tellReadOnly(seat, clock.now())
        break
      case 'unsaved':
        seat.hasRefused = true
        events.limited('unsavedBytes')
        if (seat.member.extended) notify(seat, 'refused', clock.now())
        else this.#owner.expel(seat, CLOSE.overload, 'the server cannot store more now')
        break
      case 'too-large':
        events.tooLarge(message.update.length)
        this.#refuseForSize(seat)
        break
      default:
        assertNever(refusal)
    }
    return false
  }

  #refuseForSize(seat: Seat): void {
    seat.hasRefused = true
    if (seat.member.extended) notify(seat, 'too-large', this.#owner.options.clock.now())
    else this.#owner.expel(seat, CLOSE.tooLarge, 'the document is at its limit')
  }
}
