import { clientFrame } from '../flood.ts'
import type { Random } from '../random.ts'

/** Bytes behind the handshake that break RFC 6455, or only just do not, and the code they are closed with. */
export interface HostileWire {
  readonly make: (random: Random) => Buffer
  /** `open`: the connection goes on. */
  readonly code: number | 'open'
}

const MASK = Buffer.alloc(4)
const QUERY = Uint8Array.of(3)

/** A frame of any header; masked with zeros. */
function frame(first: number, payload: Uint8Array): Buffer {
  const whole = clientFrame(payload)
  whole[0] = first
  return whole
}

function close(code: number, reason: Uint8Array = new Uint8Array(0)): Buffer {
  return frame(0x88, Uint8Array.of(code >> 8, code & 255, ...reason))
}

const lengthOf = (...bytes: number[]): Buffer => Buffer.concat([Buffer.from([0x82, 0xff, ...bytes]), MASK])

/** Violations of the frame layer. */
export const HOSTILE_WIRES: Readonly<Record<string, HostileWire>> = {
  'a frame without mask': { make: () => Buffer.from([0x82, 0x01, 3]), code: 1002 },
  'a reserved bit': {
    make: (random) => frame(0x82 | (random.pick([0x10, 0x20, 0x40]) ?? 0x40), QUERY),
    code: 1002,
  },
  'a reserved opcode': { make: (random) => frame(0x80 | random.between(3, 7), QUERY), code: 1002 },
  'a reserved control opcode': { make: (random) => frame(0x80 | random.between(11, 15), QUERY), code: 1002 },
  'a ping in pieces': { make: () => frame(0x09, QUERY), code: 1002 },
  'a ping that is too long': {
    make: (random) => frame(0x89, new Uint8Array(random.between(126, 2_000))),
    code: 1002,
  },
  'a close code there is not': {
    make: (random) => close(random.pick([0, 999, 1004, 1005, 1006, 1015, 2_999, 5_000, 65_535]) ?? 0),
    code: 1002,
  },
  'half a close code': { make: () => frame(0x88, Uint8Array.of(3)), code: 1002 },
  'a close reason that is no UTF-8': { make: () => close(1000, Uint8Array.of(0xff, 0xfe)), code: 1007 },
  'the end of what never began': { make: () => frame(0x80, QUERY), code: 1002 },
  'a message inside a message': {
    make: () => Buffer.concat([frame(0x02, QUERY), frame(0x82, QUERY)]),
    code: 1002,
  },
  'a length of 2^62': { make: () => lengthOf(0x40, 0, 0, 0, 0, 0, 0, 0), code: 1009 },
  'a length of 2^63': { make: () => lengthOf(0x80, 0, 0, 0, 0, 0, 0, 0), code: 1009 },
  'a length of 4 GB': { make: () => lengthOf(0, 0, 0, 1, 0, 0, 0, 0), code: 1009 },
  'a text': { make: () => frame(0x81, Buffer.from('hello')), code: 1003 },
  'a text that is no UTF-8': { make: () => frame(0x81, Uint8Array.of(0xff)), code: 1007 },
  noise: {
    // the second bit is reserved, the mask bit is not set
    make: (random) => Buffer.from([0xc7, 0x7f, ...Array.from({ length: 500 }, () => random.int(256))]),
    code: 1002,
  },
  'a query in thousands of empty pieces': {
    make: () =>
      Buffer.concat([
        frame(0x02, QUERY),
        ...Array.from({ length: 3_000 }, () => frame(0x00, new Uint8Array(0))),
        frame(0x80, new Uint8Array(0)),
      ]),
    code: 'open',
  },
  'a flood of empty messages nobody knows': {
    make: () => Buffer.concat(Array.from({ length: 4_000 }, () => clientFrame(Uint8Array.of(99)))),
    code: 'open',
  },
  'a flood of pings': {
    make: () => Buffer.concat(Array.from({ length: 1_000 }, () => frame(0x89, Uint8Array.of(1)))),
    code: 'open',
  },
  'a flood of statuses': {
    make: () =>
      Buffer.concat(Array.from({ length: 4_000 }, (_, i) => clientFrame(Uint8Array.of(102, 1, i & 127)))),
    code: 'open',
  },
  'a flood of questions': {
    make: () => Buffer.concat(Array.from({ length: 2_000 }, () => clientFrame(Uint8Array.of(0, 0, 1, 0)))),
    code: 'open',
  },
}
