import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

/** Why a connection, a frame or a request was refused; each is a label of `roomful_refused_total`. */
export const REFUSALS = [
  'path',
  'room-name',
  'parameter',
  'handshake',
  'origin',
  'address-limit',
  'connection-limit',
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
  'frame-invalid',
  'malformed',
  'update-invalid',
  'unknown-type',
  'read-only',
  'document-too-large',
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
  readonly connections: Gauge
  readonly accepted: Counter
  readonly closed: Counter<'code'>
  readonly traffic: Traffic
  /** A connection's socket was paused: over its rate, or its room still opening. */
  readonly paused: Counter<'reason'>
  readonly rttSeconds: Histogram
  readonly roomOpenSeconds: Histogram
  readonly updates: Counter<'outcome'>
  readonly presence: Counter<'outcome'>
  readonly answers: Counter<'kind'>
  readonly answeredBytes: Counter
  readonly acknowledged: Counter
  readonly lagging: Counter<'what'>
  readonly storage: Counter<'what'>
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

/** Gauges that are read when somebody looks. */
export interface MetricsSources {
  readonly rooms: () => number
  /** Collect process and event-loop metrics too: not for an embedded server, whose host does that. */
  readonly collectProcess: boolean
}

/** 1 ms to 10 s: a LAN, a continent, a phone in a train. */
const RTT_BUCKETS_S = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]
const OPEN_BUCKETS_S = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10]

/**
 * Creates the metrics of one server.
 *
 * @example createMetrics({ rooms: () => 0, collectProcess: false }).refused('origin')
 */
export function createMetrics(sources: MetricsSources): Metrics {
  const registry = new Registry()
  const registers = [registry]
  if (sources.collectProcess) collectDefaultMetrics({ register: registry })

  const counter = <L extends string = never>(name: string, help: string, labelNames: L[] = []): Counter<L> =>
    new Counter<L>({ name: `roomful_${name}`, help, labelNames, registers })
  const refusals = counter('refused_total', 'Connections, frames and requests refused, by reason', ['reason'])
  // a rate over a series that does not exist yet shows nothing: every reason starts at 0
  for (const reason of REFUSALS) refusals.inc({ reason }, 0)
  const roomsGauge: Gauge = new Gauge({
    name: 'roomful_rooms',
    help: 'Open rooms',
    registers,
    collect: () => roomsGauge.set(sources.rooms()),
  })

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
  tallied('frames_received_total', 'Binary frames received', 'framesReceived')
  tallied('frames_received_bytes_total', 'Bytes of binary frames received', 'bytesReceived')
  tallied('frames_sent_total', 'Binary frames sent', 'framesSent')
  tallied('frames_sent_bytes_total', 'Bytes of binary frames sent', 'bytesSent')

  return {
    registry,
    refused: (reason) => refusals.inc({ reason }),
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
    updates: counter('updates_total', 'Document updates of members, by outcome', ['outcome']),
    presence: counter('presence_total', 'Presence entries, by outcome', ['outcome']),
    answers: counter('answers_total', 'Answers to SyncStep1, by kind', ['kind']),
    answeredBytes: counter('answers_bytes_total', 'Bytes of answers to SyncStep1'),
    acknowledged: counter('acknowledged_total', 'Sync status messages answered'),
    lagging: counter('slow_members_total', 'Members that read too slowly, by what happened', ['what']),
    storage: counter('storage_events_total', 'Storage events, by kind', ['what']),
    callbackErrors: counter('callback_errors_total', 'Errors caught at the edge of a callback'),
  }
}
