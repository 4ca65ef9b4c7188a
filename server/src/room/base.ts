import type { StructRun } from './struct-marks.ts'

/** One client's structs in a snapshot. They begin at clock 0. */
export interface BaseSection extends StructRun {
  /** Clock behind its last struct. */
  readonly endClock: number
}

/** A snapshot's bytes and where its clients' structs stand in them. */
export class Base {
  readonly bytes: Uint8Array
  readonly sections: ReadonlyMap<number, BaseSection>

  constructor(bytes: Uint8Array, sections: ReadonlyMap<number, BaseSection>) {
    this.bytes = bytes
    this.sections = sections
  }

  static readonly empty: Base = new Base(new Uint8Array(0), new Map())
}
