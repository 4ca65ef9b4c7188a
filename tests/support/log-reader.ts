import type { LogBackend, LogEntry, LogSink, RoomLog } from '@roomful/server'
import { LogProbe } from '@roomful/server/testing'
import type { RoomName } from '@roomful/shared'

/** An open room of a log under test, as an instance reads it: replay first, then live, in one list. */
export class LogReader {
  readonly log: RoomLog
  readonly probe: LogProbe
  readonly #replayed: readonly LogEntry[]

  private constructor(log: RoomLog, probe: LogProbe, replayed: readonly LogEntry[]) {
    this.log = log
    this.probe = probe
    this.#replayed = replayed
  }

  static async open(backend: LogBackend, room: RoomName): Promise<LogReader> {
    const probe = new LogProbe()
    const sink: LogSink = probe
    const log = await backend.open(room, sink)
    const replayed: LogEntry[] = []
    for await (const entry of log.read(log.head.upTo)) replayed.push(entry)
    return new LogReader(log, probe, replayed)
  }

  /** Each position once; an entry may have come both ways. */
  get texts(): string[] {
    const last = this.#replayed.at(-1)?.position ?? ''
    const live = this.probe.entries.filter((entry) => entry.position > last)
    return [...this.#replayed, ...live].map(({ update }) => new TextDecoder().decode(update))
  }

  async append(...texts: readonly string[]): Promise<void> {
    const encoder = new TextEncoder()
    await Promise.all(
      texts.map((text) => this.log.append(encoder.encode(text), { instanceId: 'i', at: 1_790_000_000_000 })),
    )
  }
}
