import type { RoomName } from '@roomful/shared'
import { LogError } from './log-error.ts'

/** Redis did not do it now. */
export function unavailable(room: RoomName, cause: Error): LogError {
  return new LogError('unavailable', `Redis cannot be asked for room ${room} now: try again later`, { cause })
}

/**
 * Errors with which a server says that another one is the one to write to, or that it is about to go. Redis 6.2 wraps what
 * a script met: `ERR Error running script (call to f_…): @user_script:1: -READONLY You can't write …`.
 */
export function isFailedOver(error: Error): boolean {
  return /(?:^|-)(?:READONLY|MASTERDOWN|UNBLOCKED)\b/.test(error.message)
}

/**
 * Errors that lie in what is stored under the keys of one room: somebody wrote under one of them, or it is too large. Others are well.
 * Redis 6.2 wraps them as it does those of {@link isFailedOver}.
 */
export function isOwnFault(error: Error): boolean {
  const { message } = error.cause instanceof Error ? error.cause : error
  return /(?:^|-)WRONGTYPE\b|string exceeds maximum allowed size|The ID specified in XADD|user_script:.*\battempt to\b/.test(
    message,
  )
}

/** Errors with which a node of a cluster says that a key is on its way to another one, or is there by now. */
export function isMoving(error: Error): boolean {
  return /^(?:MOVED|ASK|TRYAGAIN)\b/.test(error.message)
}

/**
 * ioredis puts the command on its errors, arguments and all: the password of a login, what people wrote. Whoever logs an error
 * would print them, so that only the command's name stays. Changes the error itself.
 */
export function withoutArguments(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  if ('command' in error) error.command = nameOf(error.command)
  // of a cluster none of whose nodes could be asked
  if ('lastNodeError' in error && error.lastNodeError instanceof Error) withoutArguments(error.lastNodeError)
  return error
}

function nameOf(command: unknown): string {
  if (typeof command === 'string') return command
  return typeof command === 'object' && command !== null && 'name' in command ? String(command.name) : ''
}
