import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino'
import type { LogLevel } from './config.ts'

/** A structured logger; the least of pino that the server uses, so that embedders can bring their own. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error' | 'fatal'>

/** What a process logger needs. */
export interface LoggerOptions {
  readonly level: LogLevel
  readonly instanceId: string
  /** Default: standard error, written synchronously so that the last line before an exit is not lost. */
  readonly destination?: DestinationStream | undefined
}

/**
 * Creates the process's logger: JSON lines. URLs are never logged with their query: a token may stand in it; nor what a
 * command of a database was given.
 *
 * @example createLogger({ level: 'info', instanceId: 'a' }).info({ room: 'lobby' }, 'room opened')
 */
export function createLogger(options: LoggerOptions): Logger {
  const destination = options.destination ?? pino.destination({ fd: 2, sync: true })
  return pino(
    {
      level: options.level,
      base: { instanceId: options.instanceId },
      // clients of databases put the command on their errors: passwords, what people wrote
      redact: { paths: ['err.command.args', 'err.*.command.args'], remove: true },
    },
    destination,
  )
}

/** Says nothing: the default of an embedded server. */
export const silentLogger: Logger = pino({ level: 'silent' })
