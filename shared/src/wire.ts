import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'

/**
 * Message numbers. 0-3 are y-protocols' (https://github.com/yjs/y-protocols/blob/master/PROTOCOL.md), byte-compatible
 * with y-websocket 3.x; 102-108 are Roomful's and only go to clients that asked for them (`v=1`, 108 `v=2`).
 */
export const MESSAGE = {
  sync: 0,
  awareness: 1,
  auth: 2,
  queryAwareness: 3,
  syncStatus: 102,
  hello: 103,
  notice: 104,
  fragment: 105,
  check: 106,
  report: 107,
  moved: 108,
} as const

/** The second number of a sync message. */
export const SYNC = { step1: 0, step2: 1, update: 2 } as const

/** The version of this wire, asked for as `?v=2` and named in hello. */
export const PROTOCOL_VERSION = 2
/** Who asks for this version or a later one is told of moves in message 108. */
export const MOVED_VERSION = 2

/** A SyncStep2 longer than this goes to clients that asked for the extensions in fragments (105). */
export const FRAGMENT_THRESHOLD_BYTES = 262_144
/** Bytes of the message in one fragment: a second on a link of 1 Mbit/s, and few enough writes on a fast one. */
export const FRAGMENT_BYTES = 131_072
/** A client takes no message of more fragments … */
export const MAX_FRAGMENTS = 65_536
/** … nor of more bytes: ten times the largest document a server takes by default. */
export const MAX_FRAGMENTED_BYTES = 1_073_741_824

/** Longest counter of a sync status message, in bytes. */
export const MAX_SYNC_STATUS_BYTES = 16

/** `[1, 1, 0]`: an awareness update of no entries. Keeps stock clients from dropping a silent socket and fires no event. */
export const KEEPALIVE_FRAME: Uint8Array = /* @__PURE__ */ Uint8Array.of(1, 1, 0)

/** Something must reach each client so often: y-websocket gives up after 30 s of silence. */
export const KEEPALIVE_MS = 10_000

/** `[0, 0, varBytes(stateVector)]` */
export function encodeSyncStep1(stateVector: Uint8Array): Uint8Array {
  return encodeSync(SYNC.step1, stateVector)
}

/** `[0, 1, varBytes(update)]` */
export function encodeSyncStep2(update: Uint8Array): Uint8Array {
  return encodeSync(SYNC.step2, update)
}

/** `[0, 2, varBytes(update)]` */
export function encodeUpdate(update: Uint8Array): Uint8Array {
  return encodeSync(SYNC.update, update)
}

/** `[1, varBytes(awarenessUpdate)]` */
export function encodeAwareness(awarenessUpdate: Uint8Array): Uint8Array {
  return encodeTagged(MESSAGE.awareness, awarenessUpdate)
}

/** `[3]` */
export function encodeQueryAwareness(): Uint8Array {
  return Uint8Array.of(MESSAGE.queryAwareness)
}

/** `[2, 0, varString(reason)]`: y-protocols' "permission denied", which stock clients print. */
export function encodePermissionDenied(reason: string): Uint8Array {
  const encoder = encoding.createEncoder()
  encoding.writeVarUint(encoder, MESSAGE.auth)
  encoding.writeVarUint(encoder, 0)
  encoding.writeVarString(encoder, reason)
  return encoding.toUint8Array(encoder)
}

/** `[102, varBytes(counter)]`; the server returns it byte-identical once everything before it is durable. */
export function encodeSyncStatus(counter: Uint8Array): Uint8Array {
  return encodeTagged(MESSAGE.syncStatus, counter)
}

/** `[103, varString(json)]` */
export function encodeHello(json: string): Uint8Array {
  return encodeText(MESSAGE.hello, json)
}

/** `[104, varString(json)]` */
export function encodeNotice(json: string): Uint8Array {
  return encodeText(MESSAGE.notice, json)
}

/** `[106, varUint(sent), varBytes(state), varBytes(digest)]` */
export function encodeCheck({ sent, state, digest }: Check): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, MESSAGE.check)
    encoding.writeVarUint(encoder, sent)
    encoding.writeVarUint8Array(encoder, state)
    encoding.writeVarUint8Array(encoder, digest)
  })
}

/** `[107, varUint(what)]`, `what` as its place in {@link DIFFERENCES}. */
export function encodeReport(what: Difference): Uint8Array {
  return Uint8Array.of(MESSAGE.report, DIFFERENCES.indexOf(what))
}

/** `[108, varUint(count), (varUint(clientID), varUint(clock), varBytes(numbers))*]` */
export function encodeMoved(entries: readonly MovedEntry[]): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, MESSAGE.moved)
    encoding.writeVarUint(encoder, entries.length)
    for (const { clientId, clock, numbers } of entries) {
      encoding.writeVarUint(encoder, clientId)
      encoding.writeVarUint(encoder, clock)
      encoding.writeVarUint8Array(encoder, numbers)
    }
  })
}

/** `[105, varUint(index), varUint(count), varUint(totalBytes), varBytes(slice)]` */
export function encodeFragment({ index, count, totalBytes, slice }: Fragment): Uint8Array {
  const encoder = encoding.createEncoder()
  encoding.writeVarUint(encoder, MESSAGE.fragment)
  encoding.writeVarUint(encoder, index)
  encoding.writeVarUint(encoder, count)
  encoding.writeVarUint(encoder, totalBytes)
  encoding.writeVarUint(encoder, slice.length)
  const head = encoding.toUint8Array(encoder)
  // copied once: lib0 would copy a long slice twice
  const frame = new Uint8Array(head.length + slice.length)
  frame.set(head)
  frame.set(slice, head.length)
  return frame
}

/** Cuts one whole message into fragments of at most {@link FRAGMENT_BYTES} of it. */
export function encodeFragments(message: Uint8Array): readonly Uint8Array[] {
  const totalBytes = message.length
  const count = Math.ceil(totalBytes / FRAGMENT_BYTES)
  return Array.from({ length: count }, (_none, index) => {
    const slice = message.subarray(index * FRAGMENT_BYTES, (index + 1) * FRAGMENT_BYTES)
    return encodeFragment({ index, count, totalBytes, slice })
  })
}

function encodeSync(step: number, bytes: Uint8Array): Uint8Array {
  return encodeBytes([MESSAGE.sync, step], bytes)
}

function encodeTagged(type: number, bytes: Uint8Array): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, type)
    encoding.writeVarUint8Array(encoder, bytes)
  })
}

/** Numbers below 128, then bytes with their length: copied once, where an encoder would copy a document twice. */
function encodeBytes(numbers: readonly number[], bytes: Uint8Array): Uint8Array {
  const head = [...numbers]
  let rest = bytes.length
  for (; rest > 127; rest = Math.floor(rest / 128)) head.push(128 | (rest % 128))
  head.push(rest)
  const message = new Uint8Array(head.length + bytes.length)
  message.set(head)
  message.set(bytes, head.length)
  return message
}

function encodeText(type: number, text: string): Uint8Array {
  const encoder = encoding.createEncoder()
  encoding.writeVarUint(encoder, type)
  encoding.writeVarString(encoder, text)
  return encoding.toUint8Array(encoder)
}

/** What the server holds when a room has been quiet for a while: what a client compares its own copy with. */
export interface Check {
  /** Sync messages the server has sent on this connection, one in fragments once. */
  readonly sent: number
  /** Checksum of the state vector. */
  readonly state: Uint8Array
  /** Digest of what is visible; empty where it is not known. */
  readonly digest: Uint8Array
}

/**
 * What a client found: messages of this connection were lost; it has or lacks changes; it shows something else with the
 * same changes; that again after asking, so that it has put its copy aside.
 */
export const DIFFERENCES = ['messages', 'state', 'content', 'diverged'] as const
export type Difference = (typeof DIFFERENCES)[number]

/** One part of a message that is too long to come as one frame without a sign of life. */
export interface Fragment {
  /** 0 for the first. */
  readonly index: number
  readonly count: number
  /** Of the whole message. */
  readonly totalBytes: number
  readonly slice: Uint8Array
}

/** A presence state that differs from what was told before in its numbers only. */
export interface MovedEntry {
  readonly clientId: number
  readonly clock: number
  /** All numbers of the state, as `packNumbers` writes them. */
  readonly numbers: Uint8Array
}

/** A frame from a client, parsed. Byte fields are views into the frame: copy what must outlive it. */
export type WireMessage =
  | { readonly type: 'sync-step1'; readonly stateVector: Uint8Array }
  | { readonly type: 'sync-step2'; readonly update: Uint8Array }
  | { readonly type: 'update'; readonly update: Uint8Array }
  | { readonly type: 'awareness'; readonly update: Uint8Array }
  | { readonly type: 'query-awareness' }
  | { readonly type: 'auth'; readonly reason: string }
  | { readonly type: 'sync-status'; readonly counter: Uint8Array }
  | { readonly type: 'hello'; readonly json: string }
  | { readonly type: 'notice'; readonly json: string }
  | ({ readonly type: 'fragment' } & Fragment)
  | ({ readonly type: 'check' } & Check)
  | { readonly type: 'report'; readonly what: Difference }
  | { readonly type: 'moved'; readonly entries: readonly MovedEntry[] }

/**
 * Parses one frame: one message, nothing behind it. Unknown types, bytes left over and truncated frames are `undefined`.
 *
 * @example decodeMessage(Uint8Array.of(3)) // { type: 'query-awareness' }
 */
export function decodeMessage(frame: Uint8Array): WireMessage | undefined {
  const decoder = decoding.createDecoder(frame)
  try {
    const message = readMessage(decoder)
    return decoding.hasContent(decoder) ? undefined : message
  } catch {
    // lib0 throws on truncated input and on integers out of range: not a message
    return undefined
  }
}

function readMessage(decoder: decoding.Decoder): WireMessage | undefined {
  switch (decoding.readVarUint(decoder)) {
    case MESSAGE.sync:
      return readSync(decoder)
    case MESSAGE.awareness:
      return { type: 'awareness', update: readBytes(decoder) }
    case MESSAGE.auth:
      return decoding.readVarUint(decoder) === 0
        ? { type: 'auth', reason: decoding.readVarString(decoder) }
        : undefined
    case MESSAGE.queryAwareness:
      return { type: 'query-awareness' }
    case MESSAGE.syncStatus: {
      const counter = readBytes(decoder)
      return counter.length <= MAX_SYNC_STATUS_BYTES ? { type: 'sync-status', counter } : undefined
    }
    case MESSAGE.hello:
      return { type: 'hello', json: decoding.readVarString(decoder) }
    case MESSAGE.notice:
      return { type: 'notice', json: decoding.readVarString(decoder) }
    case MESSAGE.fragment:
      return { type: 'fragment', ...readFragment(decoder) }
    case MESSAGE.check:
      return { type: 'check', ...readCheck(decoder) }
    case MESSAGE.report: {
      const what = DIFFERENCES[decoding.readVarUint(decoder)]
      return what === undefined ? undefined : { type: 'report', what }
    }
    case MESSAGE.moved:
      return { type: 'moved', entries: readMoved(decoder) }
    default:
      return undefined
  }
}

/**
 * Reads a fragment behind its message number. Whether it fits to those before it, only its receiver knows.
 *
 * @throws RangeError where the frame is cut short.
 */
export function readFragment(decoder: decoding.Decoder): Fragment {
  const index = decoding.readVarUint(decoder)
  const count = decoding.readVarUint(decoder)
  const totalBytes = decoding.readVarUint(decoder)
  return { index, count, totalBytes, slice: readBytes(decoder) }
}

/** Reads a check behind its message number. */
export function readCheck(decoder: decoding.Decoder): Check {
  const sent = decoding.readVarUint(decoder)
  return { sent, state: readBytes(decoder), digest: readBytes(decoder) }
}

/**
 * Reads moved entries behind their message number.
 *
 * @throws RangeError where the frame is cut short.
 */
export function readMoved(decoder: decoding.Decoder): readonly MovedEntry[] {
  const entries: MovedEntry[] = []
  for (let left = decoding.readVarUint(decoder); left > 0; left -= 1) {
    const clientId = decoding.readVarUint(decoder)
    const clock = decoding.readVarUint(decoder)
    entries.push({ clientId, clock, numbers: readBytes(decoder) })
  }
  return entries
}

function readSync(decoder: decoding.Decoder): WireMessage | undefined {
  switch (decoding.readVarUint(decoder)) {
    case SYNC.step1:
      return { type: 'sync-step1', stateVector: readBytes(decoder) }
    case SYNC.step2:
      return { type: 'sync-step2', update: readBytes(decoder) }
    case SYNC.update:
      return { type: 'update', update: readBytes(decoder) }
    default:
      return undefined
  }
}

/** lib0 does not check a length against what is there: `subarray` would silently give less. */
function readBytes(decoder: decoding.Decoder): Uint8Array {
  const length = decoding.readVarUint(decoder)
  if (length > decoder.arr.length - decoder.pos) throw new RangeError('length beyond the frame')
  return decoding.readUint8Array(decoder, length)
}
