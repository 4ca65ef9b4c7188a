import type { LogEntry, LogSink } from './room-log.ts'

/**
 * Hands one entry to a room. Sinks must not throw; one that does breaks its own rule, not the other rooms: it is told
 * of a gap, so that it reads the entry again.
 */
export function deliver(sink: LogSink, entry: LogEntry): void {
  try {
    sink.onEntry(entry)
  } catch (error) {
    try {
      sink.onGap(error instanceof Error ? error : new Error(String(error)))
    } catch {
      // a room that throws in both callbacks cannot be told anything; the queue behind it has to go on
    }
  }
}
