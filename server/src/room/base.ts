import type { StructRun } from './struct-marks.ts'

/** One client's structs in a snapshot. They begin at clock 0. */
export interface BaseSection extends StructRun {
  /** Clock behind its last struct. */
  readonly endClock: number
}

/** A snapshot's bytes. Where its clients' structs stand in them, their records say. */
export class Base {
  readonly bytes: Uint8Array
  readonly structs: number

  constructor(bytes: Uint8Array, structs: number) {
    this.bytes = bytes
    this.structs = structs
  }

  static readonly empty: Base = new Base(new Uint8Array(0), 0)
}
