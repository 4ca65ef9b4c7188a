/** What "saved" in the app promises, by the durability the server states. */
const SAVED = new Map([
  ['none', 'nothing: rooms live in memory and end with this process'],
  ['disk', 'synced to disk: it survives a crash of the server and of the machine'],
])

/**
 * The block a person reads after `npm start`.
 *
 * @param {string} line the server's `listening` line
 * @param {{ env?: NodeJS.ProcessEnv, openRoom?: string, get?: (url: string) => Promise<Response> }} [options]
 * @returns {Promise<string>} rejects when the line is no JSON or the server does not answer
 */
export async function welcome(line, { env = process.env, openRoom = 'lobby', get = fetch } = {}) {
  const { url } = JSON.parse(line)
  const response = await get(`${url}/readyz`)
  const { durability, storage, redis, auth } = await response.json()
  const isKept = durability !== 'none'
  const rows = [
    ['Open', `${url}/rooms/${openRoom}`],
    ['Storage', isKept ? `${storage.kind} log in ${env.DATA_DIR || './data'}` : 'memory: nothing is kept'],
    ['Redis', redis === 'off' ? 'off: one process serves all rooms' : redis],
    ['Access', auth === 'open' ? 'open: whoever reaches this address may read and write every room' : auth],
    ['"Saved"', `means ${SAVED.get(durability) ?? durability}`],
    ['Stop', isKept ? 'Ctrl-C: everybody is told, everything is stored' : 'Ctrl-C'],
  ]
  return ['', ...rows.map(([name = '', text]) => `  ${name.padEnd(9)}${text}`), ''].join('\n')
}
