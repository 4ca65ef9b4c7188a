/** A piece of source text that stands in its file exactly once, and what stands there instead. */
export interface SourceEdit {
  readonly file: string
  readonly find: string
  readonly replace: string
}

/** One rule of `room-log.md` broken in the source of the room. */
export interface SourceMutant {
  readonly name: string
  readonly edits: readonly SourceEdit[]
}

/** Mutants of the room, each to be imported as `room.ts?mutant=<name>`. */
export const SOURCE_MUTANTS: readonly SourceMutant[] = [
  {
    name: 'only who has nothing is told what was deleted',
    edits: [
      {
        file: 'server/src/room/room-content.ts',
        find: 'this.#parts.clients, this.#parts.deletes.encode(), vector',
        replace:
          'this.#parts.clients, vector.size === 0 ? this.#parts.deletes.encode() : Uint8Array.of(0), vector',
      },
    ],
  },
  {
    name: 'the first struct of an answer is not sliced',
    edits: [
      { file: 'server/src/room/cut.ts', find: 'if (asked > clock) {', replace: 'if (asked > Infinity) {' },
    ],
  },
  {
    name: 'Skips are refused',
    edits: [
      {
        file: 'server/src/room/update-scan.ts',
        find: 'layout.hasSkip = true',
        replace: "throw new Malformed('a gap')",
      },
    ],
  },
  {
    name: 'a section that comes twice is read',
    edits: [
      {
        file: 'server/src/room/update-scan.ts',
        find: 'this.#seen.check(this.#client, layout.client, layout.sections)',
        replace: '',
      },
    ],
  },
  {
    name: 'per-client maxima stand for the simulation',
    edits: [
      {
        file: 'server/src/room/integration.ts',
        find: 'if (record !== undefined && clock < record.reach) return true',
        replace:
          'if (record !== undefined && clock < (record.section === -1 ? record.reach : this.#layout.endClock[record.section])) return true',
      },
    ],
  },
  {
    name: 'sections that wait are not woken',
    edits: [
      {
        file: 'server/src/room/integration.ts',
        find: 'const heap = this.#waiting[section]\n',
        replace: 'const heap = undefined\n',
      },
    ],
  },
  {
    name: 'S is what parseUpdateMeta says',
    edits: [
      {
        file: 'server/src/room/commit.ts',
        find: 'record.clock = record.reach',
        replace: 'record.clock = layout.endClock[section]',
      },
    ],
  },
  {
    name: 'S is what encodeStateVectorFromUpdate says',
    edits: [
      {
        file: 'server/src/room/commit.ts',
        find: 'record.clock = record.reach',
        replace: 'if (layout.clock[section] === 0) record.clock = record.reach',
      },
    ],
  },
  {
    name: 'deletes are not clipped to S',
    edits: [{ file: 'server/src/room/fresh-deletes.ts', find: '        to = reach\n', replace: '' }],
  },
  {
    name: 'D is not subtracted from deletes',
    edits: [
      {
        file: 'server/src/room/fresh-deletes.ts',
        find: 'if (deleted === undefined) this.#push(from, to)',
        replace: 'if (from >= 0) this.#push(from, to)',
      },
    ],
  },
  {
    name: 'overlaps are stored unsliced',
    edits: [
      { file: 'server/src/room/tail.ts', find: 'if (offset > 0) {', replace: 'if (offset > Infinity) {' },
    ],
  },
  {
    name: 'there is no map rule',
    edits: [
      {
        file: 'server/src/room/classifier.ts',
        find: 'this.hasPoison ||= ',
        replace: 'this.hasPoison &&= ',
      },
    ],
  },
  {
    name: 'the key bit tells a map entry',
    edits: [
      {
        file: 'server/src/room/classifier.ts',
        find: 'pushClass(record.classes, clock + offset, idClass)',
        replace:
          'pushClass(record.classes, clock + offset, idClass); if (idClass === ID_CLASS.map && (reader.info & 0x20) === 0) this.hasPoison = true',
      },
    ],
  },
  {
    name: 'what was received is sent on, not what was stored',
    edits: [
      {
        file: 'server/src/room-writes.ts',
        find: "message.type === 'update' && admission.update === update ? frame",
        replace: "message.type === 'update' ? frame",
      },
    ],
  },
  {
    name: 'who sends what cannot be integrated is closed',
    edits: [
      {
        file: 'server/src/room-writes.ts',
        find: 'else if (admission.missing !== undefined && admission.missing.size > 0) this.askFor(seat)',
        replace:
          "else if (admission.missing !== undefined && admission.missing.size > 0) this.#owner.expel(seat, CLOSE.malformed, 'pending')",
      },
    ],
  },
  {
    name: 'what a SyncStep2 misses is forgotten',
    edits: [
      {
        file: 'server/src/room-writes.ts',
        find: 'seat.asks.answered(missing)',
        replace: 'seat.asks.answered(undefined)',
      },
    ],
  },
  {
    name: 'a sync status is answered while an ask is outstanding',
    edits: [{ file: 'server/src/room.ts', find: ' || seat.asks.holdsAcks', replace: '' }],
  },
  {
    name: 'a sync status does not wait for what an ask brought',
    edits: [
      {
        file: 'server/src/room-writes.ts',
        find: 'seat.acks.raise(this.#owner.document.submitted)',
        replace: '',
      },
    ],
  },
  {
    name: 'whoever knows less of itself than the room is told of a thief',
    edits: [
      {
        file: 'server/src/room.ts',
        find: "import { assertNever } from './assert-never.ts'",
        replace:
          "import { assertNever } from './assert-never.ts'; import { parseStateVector } from './room/state-vector.ts'",
      },
      {
        file: 'server/src/room.ts',
        find: 'return this.#answers.answer(seat, message.stateVector)',
        replace: `if (seat.presence.boundId !== undefined && this.#document.clock(seat.presence.boundId) > (parseStateVector(message.stateVector)?.get(seat.presence.boundId) ?? 0)) this.#options.events.stolen()
        return this.#answers.answer(seat, message.stateVector)`,
      },
    ],
  },
  {
    name: 'a compaction drops what came meanwhile',
    edits: [
      {
        file: 'server/src/room/room-content.ts',
        find: 'this.#base = loaded.base\n',
        replace: 'this.#base = loaded.base; frozen = { ...frozen, tailMark: this.#parts.tail.mark() }\n',
      },
    ],
  },
]
