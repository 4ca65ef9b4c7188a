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

type Row = readonly [code: number, meaning: string, advice: string]

/** Apart from the others, so that a page does not carry texts nobody is ever shown. */
const TERMINAL = [
  [4400, 'malformed bytes', 'the client is broken: update it, its local copy is kept'],
  [4401, 'token missing, invalid or expired', 'sign in again and connect with a new token'],
  [4403, 'no access to this room', 'ask for access'],
  [4404, 'the room was deleted', 'keep the local copy aside and open the room anew'],
  [4413, 'frame or document over its limit', 'shorten the document or raise the limit'],
] as const satisfies readonly Row[]

/** After these a client waits longer. */
export const OVERLOAD_CODE = 1013
/** After these a client waits longer. */
export const RATE_CODE = 4503
/** Behind this stands the room's new generation. */
export const DELETED_CODE = 4404
/** The token is missing, invalid, expired or revoked. */
export const UNAUTHORIZED_CODE = 4401
/**
 * The one code of ours that a client sends: its page is closed or loaded anew. Whose socket ends in any other way was cut
 * off by somebody in between, and comes back.
 */
export const LEAVING_CODE = 4000

/**
 * Every WebSocket close code the server sends (RFC 6455 section 7.4; 4000-4999 are private). The numbers are spelled
 * here and nowhere else. 4408 and 4429 are never used: a stock client would take a time-out or a rate limit for final.
 */
export const CLOSE: Readonly<Record<CloseName, CloseCode>> = /* @__PURE__ */ createTable()

function createTable(): Readonly<Record<CloseName, CloseCode>> {
  const [malformed, unauthorized, forbidden, deleted, tooLarge] = TERMINAL
  const rows: Record<CloseName, Row> = {
    textFrame: [1003, 'a text frame was sent', 'send binary frames: the protocol is y-protocols'],
    tooBig: [1009, 'the frame is far too big', 'split the change into smaller transactions'],
    internal: [1011, 'the server failed', 'reconnect; nothing acknowledged is lost'],
    restart: [1012, 'the server restarts', 'reconnect after the hint in the draining notice'],
    overload: [OVERLOAD_CODE, 'overloaded, reading too slowly, or storage away', 'reconnect with backoff'],
    malformed,
    unauthorized,
    forbidden,
    deleted,
    tooLarge,
    rate: [RATE_CODE, 'over the rate limit for minutes, or idle', 'slow down, then reconnect'],
  }
  return Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, toCloseCode(row)])) as Record<
    CloseName,
    CloseCode
  >
}

function toCloseCode([code, meaning, advice]: Row): CloseCode {
  return { code, terminal: isTerminalClose(code), meaning, advice }
}

/**
 * Looks up a close code.
 *
 * @example closeCode(4403)?.terminal // true
 */
export function closeCode(code: number): CloseCode | undefined {
  return Object.values(CLOSE).find((close) => close.code === code)
}

/** Looks up a code that ends a connection for good: what a client has to explain to people. */
export function terminalClose(code: number): CloseCode | undefined {
  const row = TERMINAL.find(([terminal]) => terminal === code)
  return row && toCloseCode(row)
}

/** Whether a client should stop retrying after this code: the rule of y-websocket 3.x. */
export function isTerminalClose(code: number): boolean {
  return code >= 4400 && code <= 4499
}
