import { reasonOf } from './finding.mjs'

/** As patient as with a page. */
const JOIN_MS = 10_000
/** Nothing is written to it. */
export const ROOM = 'roomful-doctor'

/**
 * How an attempt to enter a room ended.
 *
 * @typedef {(
 *   { kind: 'joined', room: JoinedRoom } |
 *   { kind: 'refused', status: number, body: string } |
 *   { kind: 'closed', code: number, reason: string } |
 *   { kind: 'silent' } |
 *   { kind: 'failed', reason: string }
 * )} Attempt
 */

/**
 * A room entered with the real protocol: hello and the answer to sync step 1 have come.
 *
 * @typedef {object} JoinedRoom
 * @property {import('@roomful/shared').Hello | undefined} hello of a Roomful server; stock ones send none
 * @property {number} aheadMs the server's clock is so far ahead of this machine's, NaN without hello
 * @property {number} unsureMs by so much it may be more or less
 * @property {(frame: Uint8Array) => void} send
 * @property {(listener: (frame: Uint8Array) => void) => void} onFrame
 * @property {() => void} close
 */

/**
 * Enters a room as the provider does.
 *
 * @param {string} wsUrl `ws://127.0.0.1:3000/ws`
 * @param {{ origin?: string | undefined, token?: string | undefined }} [options] `origin`: of the page that is played
 * @returns {Promise<Attempt>} never rejects
 */
export async function joinRoom(wsUrl, { origin, token } = {}) {
  const [{ WebSocket }, shared] = await Promise.all([import('ws'), import('@roomful/shared')])
  const query = new URLSearchParams({ v: '1', ...(token === undefined ? {} : { token }) })
  const sentAt = Date.now()
  return new Promise((settle) => {
    const socket = new WebSocket(`${wsUrl}/${ROOM}?${query}`, {
      perMessageDeflate: false,
      ...(origin === undefined ? {} : { origin }),
    })
    /** @type {import('@roomful/shared').Hello | undefined} */
    let hello
    let aheadMs = Number.NaN
    let unsureMs = 0
    let isOpen = false
    /** @type {((frame: Uint8Array) => void)[]} */
    const listeners = []
    const end = (/** @type {Attempt} */ attempt) => {
      clearTimeout(deadline)
      if (attempt.kind !== 'joined') socket.terminate()
      settle(attempt)
    }
    const deadline = setTimeout(
      () =>
        end(
          isOpen ? { kind: 'silent' } : { kind: 'failed', reason: `no answer within ${JOIN_MS / 1_000} s` },
        ),
      JOIN_MS,
    )
    socket.on('unexpected-response', (_request, response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (/** @type {string} */ text) => (body += text.slice(0, 1_000)))
      const over = () => end({ kind: 'refused', status: response.statusCode ?? 0, body: body.trim() })
      response.once('end', over)
      response.once('error', over)
    })
    socket.on('error', (error) => end({ kind: 'failed', reason: reasonOf(error) }))
    socket.on('close', (code, reason) => end({ kind: 'closed', code, reason: reason.toString() }))
    socket.on('open', () => {
      isOpen = true
      // the state vector of an empty document
      socket.send(shared.encodeSyncStep1(Uint8Array.of(0)))
    })
    socket.on('message', (/** @type {Buffer} */ bytes) => {
      const frame = new Uint8Array(bytes)
      for (const listener of listeners) listener(frame)
      const message = shared.decodeMessage(frame)
      if (message?.type === 'hello') {
        hello = shared.parseHello(message.json)
        // the server read its clock somewhere on the way
        unsureMs = (Date.now() - sentAt) / 2
        if (hello !== undefined) aheadMs = hello.now - (sentAt + unsureMs)
      }
      if (message?.type !== 'sync-step2' && message?.type !== 'fragment') return
      end({
        kind: 'joined',
        room: {
          hello,
          aheadMs,
          unsureMs,
          send: (bytesToSend) => socket.send(bytesToSend),
          onFrame: (listener) => void listeners.push(listener),
          close: () => socket.terminate(),
        },
      })
    })
  })
}
