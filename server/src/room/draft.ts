import { ClientRecord, type Clients, type ClientTable } from './client-table.ts'

/**
 * A room's clients as a large update would make them: records of its own for the clients it brings structs of, the room's
 * for all others. The room goes on beside it; {@link Draft.isCurrent} tells whether it has moved under the draft.
 *
 * Clients the room does not know get an empty record there at once, so that putting 100,000 of them in force is no work of
 * one turn. To everybody else such a record is an unknown client's.
 */
export class Draft implements Clients {
  readonly #room: ClientTable
  readonly #drafts = new Map<number, ClientRecord>()

  constructor(room: ClientTable) {
    this.#room = room
  }

  find(client: number): ClientRecord | undefined {
    return this.#drafts.get(client) ?? this.#room.find(client)
  }

  /** The draft of a section's client. */
  open(client: number, section: number): ClientRecord {
    const draft = new ClientRecord(client, this.#room.obtain(client))
    draft.section = section
    this.#drafts.set(client, draft)
    return draft
  }

  /** Whether the room knows no more of the client than when its draft was opened. */
  isCurrent(draft: ClientRecord): boolean {
    return this.#room.find(draft.client) === draft.under && draft.under?.clock === draft.clock
  }

  /** Takes an empty record out of the room again, where nobody has filled it. */
  discard(draft: ClientRecord): void {
    const { under } = draft
    if (under?.clock === 0 && this.#room.find(draft.client) === under) this.#room.remove(under)
  }
}

/** What a draft says of its client, put into the room's record. Answers that one. */
export function landDraft(draft: ClientRecord): ClientRecord {
  const { under } = draft
  if (under === undefined) throw new Error('a draft stands over a record')
  // not one by one: a client can have millions of runs
  under.classes = under.classes.length === 0 ? draft.classes : under.classes.concat(draft.classes)
  under.reach = draft.reach
  return under
}
