import type { RoomName } from '@roomful/shared'
import type { Logger } from './logger.ts'
import type { Metrics } from './metrics.ts'
import type { RoomEvents } from './room-events.ts'

/** Turns what a room tells into counters, and into log lines where an operator should look. */
export function observeRoom(room: RoomName, metrics: Metrics, logger: Logger): RoomEvents {
  const { updates, presence } = metrics
  const cachedAnswer = metrics.answers.labels('cached')
  const cutAnswer = metrics.answers.labels('cut')
  return {
    appended() {
      updates.appended += 1
    },
    known() {
      updates.known += 1
    },
    refused(reason) {
      metrics.refused('update-invalid')
      metrics.admissionRefusals.inc({ reason })
      logger.info({ room, reason }, 'a malformed update was refused')
    },
    malformed: () => metrics.refused('malformed'),
    ignored: () => metrics.refused('unknown-type'),
    readOnly: () => metrics.refused('read-only'),
    tooLarge(bytes) {
      metrics.refused('document-too-large')
      metrics.limited('documentBytes')
      logger.warn({ room, bytes }, 'the document is at LIMIT_DOCUMENT_BYTES; an update was not admitted')
    },
    asked() {
      updates.asked += 1
    },
    stolen() {
      updates.stolen += 1
      logger.warn({ room }, 'a clock was stolen: somebody wrote under the clientID of a connected member')
    },
    large() {
      updates.large += 1
    },
    unread(error) {
      metrics.refused('large-unread')
      logger.error({ room, err: error }, 'a large update could not be read; its sender was closed with 1013')
    },
    answered(bytes, cached) {
      ;(cached ? cachedAnswer : cutAnswer).inc()
      metrics.answeredBytes.inc(bytes)
    },
    acknowledged: (count) => metrics.acknowledged.inc(count),
    chatReviewed: (verdict, units) => metrics.chat.labels(verdict).inc(units),
    presenceIssued() {
      presence.issued += 1
    },
    presenceThinned(states) {
      presence.thinned += states
    },
    presenceDropped(reason) {
      presence[reason] += 1
      if (reason === 'too-large') metrics.limited('awarenessBytes')
      if (reason === 'too-deep') metrics.limited('awarenessDepth')
    },
    lagging() {
      metrics.lagging.labels('lagging').inc()
      metrics.limited('sendBufferBytes')
    },
    resumed: () => metrics.lagging.labels('resumed').inc(),
    overloaded(kind) {
      metrics.lagging.labels(kind).inc()
      metrics.limited(kind === 'buffer' ? 'sendBufferMaxBytes' : 'sendStallMs')
    },
    differed(what) {
      metrics.differences.inc({ what })
      if (what === 'content' || what === 'diverged')
        logger.warn({ room, what }, 'a client shows something else than the room, with the same changes')
    },
    limited: (limit) => metrics.limited(limit),
    appendFailed(error) {
      metrics.storage.labels('append-failed').inc()
      logger.error(
        { room, err: error },
        'the log refused an append: acknowledgements of this room have stopped',
      )
    },
    gap(error) {
      metrics.storage.labels('gap').inc()
      logger.warn({ room, err: error }, 'the log feed had a hole and is being read again')
    },
    compacted(entries, bytes) {
      metrics.storage.labels('compacted').inc()
      logger.debug({ room, entries, bytes }, 'compacted')
    },
    failed(error) {
      metrics.callbackErrors.inc()
      logger.error({ room, err: error }, 'a callback of the room failed')
    },
    outrun() {
      metrics.storage.labels('compaction-outrun').inc()
    },
    foreign(what, count, reason) {
      metrics.storage.labels(`yredis-${what}`).inc(count)
      switch (what) {
        case 'imported':
          return
        case 'healed':
          return logger.info({ room, reason }, 'the list of y-redis was put in step')
        case 'quarantined':
          return logger.error({ room, err: reason }, 'y-redis: an entry was refused and emptied in its place')
        case 'failed':
          return logger.error({ room, err: reason }, 'y-redis: its list could not be taken over, again soon')
      }
    },
    quarantined(what, error) {
      metrics.storage.labels(`quarantined-${what}`).inc()
      logger.error({ room, what, err: error }, 'quarantined: the room goes on without it')
    },
  }
}
