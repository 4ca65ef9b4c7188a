import { LEAVING_CODE } from '@roomful/shared'
import type { Departure } from '../room-presence-leaving.ts'

/** What ws reports when a socket ended without a close frame (RFC 6455 section 7.1.5). */
const NO_CLOSE_FRAME = 1006

/**
 * How a connection went, from the code it ended with. A page that goes says so where it speaks our extensions; whatever else
 * closes its socket, with whatever code, stands in between: a proxy, a platform that ends its functions after a while. Of
 * other clients only the frame is known: pages of theirs send the code of a proxy (1001).
 */
export function departureOf(code: number, isExtended: boolean): Departure {
  const isGone = isExtended ? code === LEAVING_CODE : code !== NO_CLOSE_FRAME
  return isGone ? 'closed' : 'lost'
}
