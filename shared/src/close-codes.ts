/** What a client should do after a close: nothing can help (`terminal`), or try again. */
export interface CloseCode {
  readonly code: number
  /** Stock y-websocket clients stop for ever at 4400-4499 and retry everything else. */
  readonly terminal: boolean
  readonly meaning: string
  readonly advice: string
}

/** The names of the codes in {@link CLOSE}. */
export type CloseName =
  | 'textFrame'
  | 'tooBig'
  | 'internal'
  | 'restart'
  | 'overload'
  | 'malformed'
  | 'unauthorized'
  | 'forbidden'
  | 'deleted'
  | 'tooLarge'
  | 'rate'

const entry = (code: number, meaning: string, advice: string): CloseCode => ({
  code,
  terminal: code >= 4400 && code <= 4499,
  meaning,
  advice,
})

/**
 * Every WebSocket close code the server sends (RFC 6455 section 7.4; 4000-4999 are private). The numbers are spelled
 * here and nowhere else. 4408 and 4429 are never used: a stock client would take a time-out or a rate limit for final.
 */
export const CLOSE: Readonly<Record<CloseName, CloseCode>> = {
  textFrame: entry(1003, 'a text frame was sent', 'send binary frames: the protocol is y-protocols'),
  tooBig: entry(1009, 'the frame is far too big', 'split the change into smaller transactions'),
  internal: entry(1011, 'the server failed', 'reconnect; nothing acknowledged is lost'),
  restart: entry(1012, 'the server restarts', 'reconnect after the hint in the draining notice'),
  overload: entry(1013, 'overloaded, reading too slowly, or storage away', 'reconnect with backoff'),
  malformed: entry(4400, 'malformed bytes', 'the client is broken: update it, its local copy is kept'),
  unauthorized: entry(
    4401,
    'token missing, invalid or expired',
    'sign in again and connect with a new token',
  ),
  forbidden: entry(4403, 'no access to this room', 'ask for access'),
  deleted: entry(4404, 'the room was deleted', 'keep the local copy aside and open the room anew'),
  tooLarge: entry(4413, 'frame or document over its limit', 'shorten the document or raise the limit'),
  rate: entry(4503, 'over the rate limit for minutes, or idle', 'slow down, then reconnect'),
}

const byCode: ReadonlyMap<number, CloseCode> = new Map(Object.values(CLOSE).map((c) => [c.code, c]))

/**
 * Looks up a close code.
 *
 * @example closeCode(4403)?.terminal // true
 */
export function closeCode(code: number): CloseCode | undefined {
  return byCode.get(code)
}

/** Whether a client should stop retrying after this code: the rule of y-websocket 3.x. */
export function isTerminalClose(code: number): boolean {
  return code >= 4400 && code <= 4499
}
