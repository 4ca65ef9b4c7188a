import { DIFFERENCES, LIMIT_SPECS, type LimitName } from '@roomful/shared'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { CommitStats } from './log/commit-queue.ts'
import type { PresenceDrop } from './room-events.ts'

/** Why a connection, a frame or a request was refused; each is a label of `roomful_refused_total`. */
export const REFUSALS = [
  'path',
  'room-name',
  'parameter',
  'handshake',
  'origin',
  'address-limit',
  'connection-limit',
  'waiting-limit',
  'user-limit',
  'draining',
  'unauthorized',
  'forbidden',
  'expired',
  'revoked',
  'token-too-large',
  'authorizer-failed',
  'stale-generation',
  'room-unavailable',
  'text-frame',
  'frame-too-large',
  'frame-far-too-large',
  'frame-unfinished',
  'frame-invalid',
  'malformed',
  'update-invalid',
  'unknown-type',
  'read-only',
  'document-too-large',
  'large-unread',
  'paused-too-long',
  'no-pong',
  'api-unauthorized',
  'api-forbidden',
  'api-rate',
] as const
export type Refusal = (typeof REFUSALS)[number]

/** The server's metrics, in a registry of their own: an embedder's default registry is not touched. */
export interface Metrics {
  readonly registry: Registry
  /** Counts one refusal. */
  refused(reason: Refusal): void
  /** Counts that a limit had its effect on somebody. */
  limited(limit: LimitName): void
  /** Counts an update that admission refused, by the reader's words. */
  readonly admissionRefusals: Counter<'reason'>
  readonly connections: Gauge
  readonly accepted: Counter
  readonly closed: Counter<'code'>
  readonly traffic: Traffic
  /** A connection's socket was paused: over its rate, its room still opening, or its last frames not taken yet. */
  readonly paused: Counter<'reason'>
  readonly rttSeconds: Histogram
  readonly roomOpenSeconds: Histogram
  /** Document updates of members, and presence entries, by outcome: plain numbers, as {@link Traffic}. */
  readonly updates: Record<UpdateOutcome, number>
  readonly presence: Record<PresenceOutcome, number>
  readonly answers: Counter<'kind'>
  readonly answeredBytes: Counter
  readonly acknowledged: Counter
  readonly chat: Counter<'verdict'>
  readonly lagging: Counter<'what'>
  readonly storage: Counter<'what'>
  /** Counts a group commit of the embedded log: one write with one sync. */
  committed(stats: CommitStats): void
  /** How late the event loop runs what is due. */
  /** The loop has run what was due so much later. */
  loopDelayed(seconds: number): void
  /** Clients that hold something else than their room, by what they found. */
  readonly differences: Counter<'what'>
  readonly callbackErrors: Counter
}

/**
 * Counted on the hottest path: plain numbers, read when somebody looks. A counter of prom-client costs more than writing
 * the frame to a socket's queue when a room has a thousand members.
 */
export interface Traffic {
  framesReceived: number
  bytesReceived: number
  framesSent: number
  bytesSent: number
}

/** What became of a member's update, and of a presence entry. */
export type UpdateOutcome = 'appended' | 'known' | 'large' | 'stolen' | 'asked'
export type PresenceOutcome = 'issued' | 'thinned' | PresenceDrop

/** Gauges that are read when somebody looks. */
export interface MetricsSources {
  readonly rooms: () => number
  /** Bytes written to sockets that the network has not taken: what many members share counts for each. */
  readonly sendBufferBytes: () => number
  /** Sockets that are not read now, for their rate or because their room is opening. */
  readonly pausedSockets: () => number
  /** Sockets that wait for the authorizer. */
  readonly waitingConnections: () => number
  /** See `limits.answerBytes` and `limits.unsavedBytes`. */
  readonly answerBytes: () => number
  readonly unsavedBytes: () => number
  /** See `limits.unfinishedBytes`. */
  readonly unfinishedBytes: () => number
  /** Collect process and event-loop metrics too: not for an embedded server, whose host does that. */
  readonly collectProcess: boolean
}

const none = (): number => 0

/** Sources of a server that nobody looks into. */
export const IDLE_SOURCES: MetricsSources = {
  rooms: none,
  sendBufferBytes: none,
  pausedSockets: none,
  waitingConnections: none,
  answerBytes: none,
  unsavedBytes: none,
  unfinishedBytes: none,
  collectProcess: false,
}

/** 1 ms to 10 s: a LAN, a continent, a phone in a train. */
const RTT_BUCKETS_S = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]
/** A fast disk syncs in less than a millisecond, one that fails is tried for seconds. */
const COMMIT_BUCKETS_S = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5]
/** Around 50 ms, which no message may block the loop for. */
const DELAY_BUCKETS_S = [0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1]
const OPEN_BUCKETS_S = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10]

/**
 * Creates the metrics of one server.
 *
 * @example createMetrics({ rooms: () => 0, collectProcess: false }).refused('origin')
 */
export function createMetrics(sources: MetricsSources): Metrics {
  const registry = new Registry()
  const registers = [registry]
  if (sources.collectProcess) collectProcessMetrics(registry)

  const counter = <L extends string = never>(name: string, help: string, labelNames: L[] = []): Counter<L> =>
    new Counter<L>({ name: `roomful_${name}`, help, labelNames, registers })
  const refusals = counter('refused_total', 'Connections, frames and requests refused, by reason', ['reason'])
  // a rate over a series that does not exist yet shows nothing: every reason starts at 0
  for (const reason of REFUSALS) refusals.inc({ reason }, 0)
  const limitHits = counter(
    'limit_hits_total',
    'Limits that had their effect, by the name in docs/limits.md',
    ['limit'],
  )
  for (const limit of Object.keys(LIMIT_SPECS)) limitHits.inc({ limit }, 0)

  const differences = counter('differences_total', 'Clients that hold something else than their room', [
    'what',
  ])
  for (const what of DIFFERENCES) differences.inc({ what }, 0)

  const gauge = (name: string, help: string, read: () => number): void => {
    const value: Gauge = new Gauge({
      name: `roomful_${name}`,
      help,
      registers,
      collect: () => value.set(read()),
    })
  }
  gauge('rooms', 'Open rooms', sources.rooms)
  gauge('send_buffer_bytes', 'Bytes written to sockets and not taken yet', sources.sendBufferBytes)
  gauge('paused_sockets', 'Sockets that are not read now', sources.pausedSockets)
  gauge('waiting_connections', 'Sockets that wait for the authorizer', sources.waitingConnections)
  gauge('answer_bytes', 'Bytes of documents on their way to members, each answer once', sources.answerBytes)
  gauge('unsaved_bytes', 'Bytes handed to the log and not durable yet', sources.unsavedBytes)
  gauge('unfinished_bytes', 'Bytes of messages that are not whole yet', sources.unfinishedBytes)

  const traffic: Traffic = { framesReceived: 0, bytesReceived: 0, framesSent: 0, bytesSent: 0 }
  const tallied = (name: string, help: string, field: keyof Traffic): void => {
    const total: Counter = new Counter({
      name: `roomful_${name}`,
      help,
      registers,
      collect() {
        total.reset()
        total.inc(traffic[field])
      },
    })
  }
  const byOutcome = <K extends string>(
    name: string,
    help: string,
    counts: Record<K, number>,
  ): Record<K, number> => {
    const total: Counter<'outcome'> = new Counter({
      name: `roomful_${name}`,
      help,
      labelNames: ['outcome'],
      registers,
      collect() {
        total.reset()
        for (const outcome in counts) total.inc({ outcome }, counts[outcome])
      },
    })
    return counts
  }
  tallied('frames_received_total', 'Binary frames received', 'framesReceived')
  tallied('frames_received_bytes_total', 'Bytes of binary frames received', 'bytesReceived')
  tallied('frames_sent_total', 'Binary frames sent', 'framesSent')
  tallied('frames_sent_bytes_total', 'Bytes of binary frames sent', 'bytesSent')

  const loopDelaySeconds = new Histogram({
    name: 'roomful_event_loop_delay_seconds',
    help: 'How late the event loop runs what is due, looked at 50 times a second while it is busy',
    buckets: DELAY_BUCKETS_S,
    registers,
  })
  let longestDelaySeconds = 0
  new Gauge({
    name: 'roomful_event_loop_delay_max_seconds',
    help: 'The longest of these delays since this was read last',
    registers,
    collect() {
      this.set(longestDelaySeconds)
      longestDelaySeconds = 0
    },
  })
  const commitSeconds = new Histogram({
    name: 'roomful_log_commit_seconds',
    help: 'Group commits of the embedded log: one write with one sync',
    buckets: COMMIT_BUCKETS_S,
    registers,
  })
  const committedEntries = counter('log_committed_entries_total', 'Changes made durable by group commits')
  const committedBytes = counter('log_committed_bytes_total', 'Bytes made durable by group commits')

  return {
    registry,
    refused: (reason) => refusals.inc({ reason }),
    limited: (limit) => limitHits.inc({ limit }),
    admissionRefusals: counter(
      'admission_refusals_total',
      'Updates refused as malformed, by what was found',
      ['reason'],
    ),
    connections: new Gauge({ name: 'roomful_connections', help: 'Open room sockets', registers }),
    accepted: counter('connections_total', 'Room sockets accepted'),
    closed: counter('closed_total', 'Closes begun by the server, by WebSocket code', ['code']),
    traffic,
    paused: counter('socket_pauses_total', 'Sockets paused, by reason', ['reason']),
    rttSeconds: new Histogram({
      name: 'roomful_rtt_seconds',
      help: 'Round trip of the WebSocket ping',
      buckets: RTT_BUCKETS_S,
      registers,
    }),
    roomOpenSeconds: new Histogram({
      name: 'roomful_room_open_seconds',
      help: 'From the accepted socket to the joined room',
      buckets: OPEN_BUCKETS_S,
      registers,
    }),
    updates: byOutcome('updates_total', 'Document updates of members, by outcome', {
      appended: 0,
      known: 0,
      large: 0,
      stolen: 0,
      asked: 0,
    }),
    presence: byOutcome('presence_total', 'Presence entries, by outcome', {
      issued: 0,
      thinned: 0,
      foreign: 0,
      stale: 0,
      echo: 0,
      'too-large': 0,
      'too-deep': 0,
      invalid: 0,
      clock: 0,
      conflict: 0,
    }),
    answers: counter('answers_total', 'Answers to SyncStep1, by kind', ['kind']),
    answeredBytes: counter('answers_bytes_total', 'Bytes of answers to SyncStep1'),
    acknowledged: counter('acknowledged_total', 'Sync status messages answered'),
    chat: counter('chat_reviewed_total', 'Chat units deleted by the server or kept from a deletion', [
      'verdict',
    ]),
    lagging: counter('slow_members_total', 'Members that read too slowly, by what happened', ['what']),
    storage: counter('storage_events_total', 'Storage events, by kind', ['what']),
    committed({ commits, bytes, ms }) {
      commitSeconds.observe(ms / 1_000)
      committedEntries.inc(commits)
      committedBytes.inc(bytes)
    },
    loopDelayed(seconds) {
      loopDelaySeconds.observe(seconds)
      longestDelaySeconds = Math.max(longestDelaySeconds, seconds)
    },
    differences,
    callbackErrors: counter('callback_errors_total', 'Errors caught at the edge of a callback'),
  }
}

/** What prom-client measures of the event loop wakes an idle process a hundred times a second, however rarely anybody reads it. */
const LOOP_METRICS = ['min', 'max', 'mean', 'stddev', 'p50', 'p90', 'p99'] as const
/** The longest that a timer takes, ms. */
const NEVER_MS = 2_147_483_647

function collectProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: NEVER_MS })
  // `roomful_event_loop_delay_seconds` tells that
  for (const name of LOOP_METRICS) registry.removeSingleMetric(`nodejs_eventloop_lag_${name}_seconds`)
}
