import { equalityDeep } from 'lib0/function'
import type { ConnectionDetail, ConnectionState, Pending } from './connection.ts'
import { Listeners } from './listeners.ts'

/** Whoever emits the events of a provider. */
export interface StandingEvents {
  emit(name: 'connection', args: [state: ConnectionState, detail: ConnectionDetail]): void
  emit(name: 'pending', args: [pending: Pending]): void
}

/** How a provider stands, as it was told last: its events and those who listen to it hear of what is new, once. */
export class Standing extends Listeners {
  readonly #events: StandingEvents
  #detail: ConnectionDetail = { state: 'closed' }
  #pending: Pending = 0
  #isAtRisk = false

  constructor(events: StandingEvents) {
    super()
    this.#events = events
  }

  /** The same object until something in it changed. */
  get detail(): ConnectionDetail {
    return this.#detail
  }

  get pending(): Pending {
    return this.#pending
  }

  /** What holds now. */
  publish(detail: ConnectionDetail, pending: Pending, isAtRisk: boolean): void {
    const isDetailNew = !equalityDeep(detail, this.#detail)
    const isPendingNew = pending !== this.#pending
    const isNew = isDetailNew || isPendingNew || isAtRisk !== this.#isAtRisk
    // all first: a listener of one reads the others
    if (isDetailNew) this.#detail = detail
    this.#pending = pending
    this.#isAtRisk = isAtRisk
    if (isDetailNew) this.#events.emit('connection', [detail.state, detail])
    if (isPendingNew) this.#events.emit('pending', [pending])
    if (isNew) this.call()
  }
}
