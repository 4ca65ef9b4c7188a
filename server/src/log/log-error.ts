/** Why a log refused. */
export type LogErrorCode =
  | 'folder-in-use'
  | 'not-writable'
  | 'format-newer'
  | 'fenced'
  | 'deleted'
  | 'closed'
  | 'corrupt'
  // opened twice in one backend: a mistake of the caller
  | 'already-open'
  // storage is failing right now and being repaired: try again later
  | 'unavailable'

/** An error of a log backend: what happened and what the operator can do stands in the message. */
export class LogError extends Error {
  readonly code: LogErrorCode

  constructor(code: LogErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'LogError'
    this.code = code
  }
}
