import { request as askHttp } from 'node:http'
import { request as askHttps } from 'node:https'

/** Whoever has not answered in this time is taken for dead. */
export const PATIENCE_MS = 10_000
/** More of an answer is not read: the largest script of the app has some hundred kilobytes. */
const MAX_BYTES = 4 * 2 ** 20

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {import('node:http').IncomingHttpHeaders} headers
 * @property {string} body
 * @property {unknown} json `undefined` where the body is none
 * @property {number} sentAt this machine's clock, ms
 * @property {number} heardAt when the head of the answer was there
 */

/**
 * A GET over a connection of its own, so that each may reach another instance. Redirects are not followed.
 *
 * @param {string} url
 * @param {{ patienceMs?: number }} [options]
 * @returns {Promise<Answer>} rejects with what the system says where there is no answer
 */
export function ask(url, { patienceMs = PATIENCE_MS } = {}) {
  return new Promise((resolve, reject) => {
    const sentAt = Date.now()
    const send = url.startsWith('https:') ? askHttps : askHttp
    const request = send(url, { agent: false, headers: { accept: '*/*' } }, (response) => {
      const heardAt = Date.now()
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (/** @type {string} */ text) => {
        body += text
        if (body.length > MAX_BYTES) response.destroy(new Error('the answer is larger than 4 MiB'))
      })
      response.once('error', reject)
      response.once('end', () => {
        const { statusCode: status = 0, headers } = response
        resolve({ status, headers, body, json: parseJson(body), sentAt, heardAt })
      })
    })
    const deadline = setTimeout(
      () => request.destroy(new Error(`no answer within ${patienceMs / 1_000} s`)),
      patienceMs,
    )
    request.once('close', () => clearTimeout(deadline))
    request.once('error', reject)
    request.end()
  })
}

/** @param {string} text */
function parseJson(text) {
  try {
    return JSON.parse(text)
  } catch {
    // SyntaxError: a page, or nothing
    return undefined
  }
}

/**
 * An answer in a few words.
 *
 * @param {Answer} answer
 * @example inWords(answer) // 'HTTP 200, a page (text/html)'
 */
export function inWords({ status, headers, json }) {
  if (headers.location !== undefined) return `HTTP ${status} to ${headers.location}`
  const type = (headers['content-type'] ?? 'no type').split(';', 1)[0] ?? ''
  if (type === 'text/html') return `HTTP ${status}, a page (${type})`
  return json === undefined ? `HTTP ${status} (${type})` : `HTTP ${status}, JSON that is not the server's`
}

/**
 * @param {unknown} json
 * @param {string} name
 * @returns {unknown} the field, where `json` is an object that has it
 */
export function field(json, name) {
  return typeof json === 'object' && json !== null ? Reflect.get(json, name) : undefined
}
