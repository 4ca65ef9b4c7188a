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
    const under = this.#room.obtain(client)
    under.drafts++
    const draft = new ClientRecord(client, under)
    draft.section = section
    this.#drafts.set(client, draft)
    return draft
  }

  /** Whether the room knows no more of the client than when its draft was opened. */
  isCurrent(draft: ClientRecord): boolean {
    return draft.under?.clock === draft.clock
  }

  /** Lets go of a draft; an empty record is taken out of the room again, where nobody has filled it or stands over it. */
  discard({ under }: ClientRecord): void {
    if (under === undefined) return
    under.drafts--
    if (under.clock === 0 && under.drafts === 0) this.#room.remove(under)
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
