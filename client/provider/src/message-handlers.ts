import {
  MESSAGE,
  parseHello,
  parseNotice,
  readCheck,
  readFragment,
  SYNC,
  type Check,
  type Fragment,
  type Hello,
  type Notice,
} from '@roomful/shared'
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import type { WebsocketProvider } from 'y-websocket'

/** y-websocket's table: one handler per message number. */
type MessageHandlers = WebsocketProvider['messageHandlers']

/** What a provider wants to hear of its messages. */
export interface MessageHooks {
  /** Any message of the socket, before it is read. */
  readonly onHeard: (type: number) => void
  /** A sync message is applied by `apply`; `isRelayed` where it came from another tab. */
  readonly onSync: (isRelayed: boolean, apply: () => void) => void
  /** The server asks for what this state vector lacks; returns the vector to answer. */
  readonly onAsked: (stateVector: Uint8Array) => Uint8Array
  /** The server's SyncStep1 has been read, its answer goes out when this turn ends. */
  readonly onAnswered: () => void
  /** `isToldInFull`: the server said it, and what moves next (108) refers to it. */
  readonly onAwareness: (update: Uint8Array, isToldInFull: boolean) => void
  /** Returns the awareness update that it stands for; throws where it is cut short. */
  readonly onMoved: (decoder: decoding.Decoder) => Uint8Array
  readonly onReceipt: (counter: Uint8Array) => void
  /** `undefined`: not readable, or of a later version. */
  readonly onHello: (hello: Hello | undefined) => void
  readonly onNotice: (notice: Notice | undefined) => void
  readonly onCheck: (check: Check) => void
  /** Returns the whole message once this was its last part; throws where it does not fit. */
  readonly onFragment: (fragment: Fragment) => Uint8Array | undefined
  /** A fragment was refused, or a message cut short: this connection cannot be brought to an end. */
  readonly onBroken: () => void
}

/** The same SyncStep1 for another state vector. */
function asking(
  decoder: decoding.Decoder,
  vectorFor: (stateVector: Uint8Array) => Uint8Array,
): decoding.Decoder {
  decoding.readVarUint(decoder)
  const vector = vectorFor(decoding.readVarUint8Array(decoder))
  return decoding.createDecoder(
    encoding.encode((encoder) => {
      encoding.writeVarUint(encoder, SYNC.step1)
      encoding.writeVarUint8Array(encoder, vector)
    }),
  )
}

/**
 * Puts hooks around y-websocket's handlers and adds those of messages 102-106 and 108, in place. The fourth argument of a
 * handler, y-websocket's `emitSynced`, is true exactly for what came through the socket.
 */
export function hookMessageHandlers(handlers: MessageHandlers, hooks: MessageHooks): void {
  const stock = [...handlers]
  const hook = (type: number, handler: MessageHandlers[number]): void => {
    handlers[type] = (encoder, decoder, provider, viaSocket) => {
      if (viaSocket) hooks.onHeard(type)
      handler(encoder, decoder, provider, viaSocket, type)
    }
  }
  /** Only a server says these; a tab that does is somebody else's script. */
  const add = (type: number, read: (decoder: decoding.Decoder) => void): void =>
    hook(type, (_encoder, decoder, _provider, viaSocket) => {
      if (viaSocket) read(decoder)
    })
  for (const [type, handler] of stock.entries()) hook(type, handler)
  const onSync: MessageHandlers[number] = (encoder, decoder, provider, viaSocket, type) => {
    const isAsked = viaSocket && decoder.arr[decoder.pos] === SYNC.step1
    const message = isAsked ? asking(decoder, hooks.onAsked) : decoder
    hooks.onSync(!viaSocket, () => stock[type]?.(encoder, message, provider, viaSocket, type))
    if (isAsked) hooks.onAnswered()
  }
  hook(MESSAGE.sync, onSync)
  hook(MESSAGE.awareness, (_encoder, decoder, _provider, viaSocket) =>
    hooks.onAwareness(decoding.readVarUint8Array(decoder), viaSocket),
  )
  add(MESSAGE.moved, (decoder) => {
    let update: Uint8Array
    try {
      update = hooks.onMoved(decoder)
    } catch {
      // lib0 throws on truncated input and on integers out of range
      return hooks.onBroken()
    }
    hooks.onAwareness(update, false)
  })
  add(MESSAGE.syncStatus, (decoder) => hooks.onReceipt(decoding.readVarUint8Array(decoder)))
  add(MESSAGE.hello, (decoder) => hooks.onHello(parseHello(decoding.readVarString(decoder))))
  add(MESSAGE.notice, (decoder) => hooks.onNotice(parseNotice(decoding.readVarString(decoder))))
  add(MESSAGE.check, (decoder) => hooks.onCheck(readCheck(decoder)))
  hook(MESSAGE.fragment, (encoder, decoder, provider, viaSocket) => {
    if (!viaSocket) return
    let message: Uint8Array | undefined
    try {
      message = hooks.onFragment(readFragment(decoder))
    } catch {
      // RangeError: cut short, or it does not fit
      hooks.onBroken()
    }
    if (message === undefined) return
    const whole = decoding.createDecoder(message)
    const type = decoding.readVarUint(whole)
    // one message in one transaction: in parts a document would leave pending structs behind each
    if (type === MESSAGE.sync) onSync(encoder, whole, provider, true, type)
  })
}
