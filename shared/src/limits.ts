/** One named bound: its default, the variable that sets it, and why it is what it is. */
export interface LimitSpec {
  readonly env: string
  readonly default: number
  readonly unit: 'bytes' | 'bytes per second' | 'ms' | 'count' | 'per second'
  readonly reason: string
  /** What happens at the bound: a close code's name, a notice, an HTTP status, or backpressure. */
  readonly effect: string
}

/** The names of the limits. */
export type LimitName =
  | 'frameBytes'
  | 'hardFrameBytes'
  | 'documentBytes'
  | 'roomClients'
  | 'roomStructs'
  | 'roomDeleteRanges'
  | 'awarenessBytes'
  | 'awarenessDepth'
  | 'presenceBytesPerSecond'
  | 'stateVectorBytes'
  | 'roomMembers'
  | 'connections'
  | 'connectionsPerAddress'
  | 'connectionsPerUser'
  | 'waitingConnections'
  | 'rooms'
  | 'openQueueFrames'
  | 'openQueueBytes'
  | 'updatesPerSecond'
  | 'updatesBurst'
  | 'pausedMs'
  | 'sendBufferBytes'
  | 'sendBufferMaxBytes'
  | 'sendStallMs'
  | 'answerBytes'
  | 'unsavedBytes'
  | 'unfinishedBytes'
  | 'unloadMs'
  | 'joinMs'
  | 'tokenBytes'
  | 'revocations'
  | 'chatMessages'

const KiB = 1024
const MiB = 1024 * KiB

/** Every limit of the server. Names are the fields of {@link Limits}. */
export const LIMIT_SPECS: Readonly<Record<LimitName, LimitSpec>> = {
  frameBytes: {
    env: 'LIMIT_FRAME_BYTES',
    default: 24 * MiB,
    unit: 'bytes',
    reason: 'the largest message a client may send; a returning tab sends its whole backlog as one',
    effect: 'close 4413',
  },
  hardFrameBytes: {
    env: 'LIMIT_HARD_FRAME_BYTES',
    default: 64 * MiB,
    unit: 'bytes',
    reason: 'beyond this the socket stops reading at the length header',
    effect: 'close 1009',
  },
  documentBytes: {
    env: 'LIMIT_DOCUMENT_BYTES',
    default: 100 * MiB,
    unit: 'bytes',
    reason: 'stored bytes of one room, base and tail',
    effect: 'notice too-large, update refused; close 4413 for stock clients',
  },
  roomClients: {
    env: 'LIMIT_ROOM_CLIENTS',
    default: 100_000,
    unit: 'count',
    reason: 'clientIDs that ever wrote in one room: each stands in every state vector from then on',
    effect: 'notice too-large, update refused; close 4413 for stock clients',
  },
  roomStructs: {
    env: 'LIMIT_ROOM_STRUCTS',
    default: 4_000_000,
    unit: 'count',
    reason: 'pieces of one document: each is an object in every reader, 25 MB of typing are 1.3 million',
    effect: 'notice too-large, update refused; close 4413 for stock clients',
  },
  roomDeleteRanges: {
    env: 'LIMIT_ROOM_DELETE_RANGES',
    default: 1_000_000,
    unit: 'count',
    reason: 'ranges of deleted units of one document: all of them go out with every join',
    effect: 'notice too-large, update refused; close 4413 for stock clients',
  },
  awarenessBytes: {
    env: 'LIMIT_AWARENESS_BYTES',
    default: 4 * KiB,
    unit: 'bytes',
    reason: 'one presence state is sent to everybody in the room',
    effect: 'state dropped, notice too-large',
  },
  awarenessDepth: {
    env: 'LIMIT_AWARENESS_DEPTH',
    default: 8,
    unit: 'count',
    reason: 'presence is flat; deep JSON only costs the readers',
    effect: 'state dropped',
  },
  presenceBytesPerSecond: {
    env: 'LIMIT_PRESENCE_BYTES_PER_SECOND',
    default: 1_024 * MiB,
    unit: 'bytes per second',
    reason:
      'states times their readers in one room, half a core: 960 people who move 12.5 times a second and say little',
    effect: 'members hear of who points into their view at full rate, of everybody else once a second',
  },
  stateVectorBytes: {
    env: 'LIMIT_STATE_VECTOR_BYTES',
    default: 1 * MiB,
    unit: 'bytes',
    reason: 'what a client says it has: 100,000 writers are 0.8 MiB, and each of them is read',
    effect: 'close 4400',
  },
  roomMembers: {
    env: 'LIMIT_ROOM_MEMBERS',
    default: 2_000,
    unit: 'count',
    reason: 'fan-out grows with members',
    effect: 'close 1013',
  },
  connections: {
    env: 'LIMIT_CONNECTIONS',
    default: 20_000,
    unit: 'count',
    reason: 'sockets of one process',
    effect: 'HTTP 503 at the upgrade',
  },
  connectionsPerAddress: {
    env: 'LIMIT_CONNECTIONS_PER_ADDRESS',
    default: 1_000,
    unit: 'count',
    reason: 'one address may be an office behind a NAT, or a flood',
    effect: 'HTTP 429 at the upgrade',
  },
  connectionsPerUser: {
    env: 'LIMIT_CONNECTIONS_PER_USER',
    default: 100,
    unit: 'count',
    reason: 'one signed-in person with many tabs and devices; without sign-in it binds nobody',
    effect: 'close 1013',
  },
  waitingConnections: {
    env: 'LIMIT_WAITING_CONNECTIONS',
    default: 1_000,
    unit: 'count',
    reason: 'sockets that wait for the authorizer: nobody knows yet who they are',
    effect: 'HTTP 503 at the upgrade',
  },
  rooms: {
    env: 'LIMIT_ROOMS',
    default: 20_000,
    unit: 'count',
    reason: 'open rooms of one process',
    effect: 'close 1013',
  },
  openQueueFrames: {
    env: 'LIMIT_OPEN_QUEUE_FRAMES',
    default: 256,
    unit: 'count',
    reason: 'frames a connection may send before its room is read from the log',
    effect: 'its socket is paused',
  },
  openQueueBytes: {
    env: 'LIMIT_OPEN_QUEUE_BYTES',
    default: 64 * KiB,
    unit: 'bytes',
    reason: 'the same in bytes, frames that are not complete included',
    effect: 'its socket is paused',
  },
  updatesPerSecond: {
    env: 'LIMIT_UPDATES_PER_SECOND',
    default: 2_000,
    unit: 'per second',
    reason: 'a fast script; a person makes 20',
    effect: 'its socket is paused until the bucket refills',
  },
  updatesBurst: {
    env: 'LIMIT_UPDATES_BURST',
    default: 10_000,
    unit: 'count',
    reason: 'a paste or an import in one go',
    effect: 'its socket is paused until the bucket refills',
  },
  pausedMs: {
    env: 'LIMIT_PAUSED_MS',
    default: 300_000,
    unit: 'ms',
    reason: 'five minutes of continuous pausing is not a burst',
    effect: 'close 4503',
  },
  sendBufferBytes: {
    env: 'LIMIT_SEND_BUFFER_BYTES',
    default: 1 * MiB,
    unit: 'bytes',
    reason: 'above it a slow reader gets no more updates until it drained',
    effect: 'its place in the log is remembered',
  },
  sendBufferMaxBytes: {
    env: 'LIMIT_SEND_BUFFER_MAX_BYTES',
    default: 8 * MiB,
    unit: 'bytes',
    reason: 'memory one slow reader may hold, one join answer aside',
    effect: 'close 1013',
  },
  sendStallMs: {
    env: 'LIMIT_SEND_STALL_MS',
    default: 30_000,
    unit: 'ms',
    reason: 'a reader that takes nothing for so long is gone',
    effect: 'close 1013',
  },
  answerBytes: {
    env: 'LIMIT_ANSWER_BYTES',
    default: 256 * MiB,
    unit: 'bytes',
    reason: 'documents on their way to members of all rooms of one process, one shared by many counts once',
    effect: 'joins and slow readers wait; who has held one for LIMIT_SEND_STALL_MS is closed with 1013',
  },
  unsavedBytes: {
    env: 'LIMIT_UNSAVED_BYTES',
    default: 256 * MiB,
    unit: 'bytes',
    reason: 'updates of all rooms of one process that wait for a disk that fails',
    effect: 'notice refused, asked for again later; close 1013 for stock clients',
  },
  unfinishedBytes: {
    env: 'LIMIT_UNFINISHED_BYTES',
    default: 256 * MiB,
    unit: 'bytes',
    reason: 'messages of all sockets of one process that are not whole yet; looked at four times a second',
    effect: 'who holds most of them is closed with 1013',
  },
  unloadMs: {
    env: 'LIMIT_UNLOAD_MS',
    default: 30_000,
    unit: 'ms',
    reason: 'an empty room stays in memory so long, for reloads',
    effect: 'the room is closed, its log stays',
  },
  joinMs: {
    env: 'LIMIT_JOIN_MS',
    default: 10_000,
    unit: 'ms',
    reason: 'a room that cannot be read in this time',
    effect: 'close 1013',
  },
  tokenBytes: {
    env: 'LIMIT_TOKEN_BYTES',
    default: 8 * KiB,
    unit: 'bytes',
    reason: 'a token is checked before anybody is let in; a usual one has 300',
    effect: 'close 4401',
  },
  revocations: {
    env: 'LIMIT_REVOCATIONS',
    default: 10_000,
    unit: 'count',
    reason: 'what was revoked and is told apart, kept for ever and by every instance: 150 bytes each',
    effect: 'the oldest becomes one for everybody: what was issued before it is refused',
  },
  chatMessages: {
    env: 'LIMIT_CHAT_MESSAGES',
    default: 1_000,
    unit: 'count',
    reason: 'messages of one room that are kept; up to 10,000, which is what a client still shows smoothly',
    effect: 'the oldest messages are deleted for everybody',
  },
}

/** The limits in force. */
export type Limits = { readonly [K in LimitName]: number }

/** Every limit at its default. */
export const DEFAULT_LIMITS: Limits = Object.fromEntries(
  Object.entries(LIMIT_SPECS).map(([name, spec]) => [name, spec.default]),
) as Limits
