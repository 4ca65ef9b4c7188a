/**
 * Bytes no honest client writes. Thrown only between a reader and the parser that owns it, which catches it and
 * answers with a value: nothing outside this folder ever sees it.
 */
export class Malformed extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'Malformed'
  }
}

/** An update of more structs than any document may hold: its bytes may be honest. */
export class TooManyStructs extends Malformed {
  constructor() {
    super('too many structs')
    this.name = 'TooManyStructs'
  }
}

/** A struct longer than may be read in one step: its bytes may be honest. */
export class LongStruct extends Malformed {
  constructor() {
    super('a struct too long for one step')
    this.name = 'LongStruct'
  }
}
