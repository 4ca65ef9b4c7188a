import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'

/** Why a REST request was refused; the `code` field of its JSON body. */
export type ApiErrorCode =
  | 'not-found'
  | 'unauthorized'
  | 'forbidden'
  | 'disabled'
  | 'bad-room-name'
  | 'bad-parameter'
  | 'bad-body'
  | 'rate'
  | 'upgrade-required'
  | 'unavailable'
  | 'internal'

/** Answers with `{"error":{"code","message"}}`. */
export function apiError(
  context: Context,
  status: ContentfulStatusCode,
  code: ApiErrorCode,
  message: string,
): Response {
  return context.json({ error: { code, message } }, status)
}
