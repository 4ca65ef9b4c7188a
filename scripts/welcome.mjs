/** What "saved" in the app promises, by the durability the server states. */
const SAVED = new Map([
  ['none', 'nothing: rooms live in memory and end with this process'],
  ['disk', 'synced to disk: it survives a crash of the server and of the machine'],
])

/**
 * The block a person reads after `npm start`.
 *
 * @param {string} line the server's `listening` line
 * @param {{ env?: NodeJS.ProcessEnv, get?: (url: string) => Promise<Response> }} [options]
 * @returns {Promise<string>} rejects when the line is no JSON or the server does not answer
 */
export async function welcome(line, { env = process.env, get = fetch } = {}) {
  const { url } = JSON.parse(line)
  const response = await get(`${url}/readyz`)
  const { durability } = await response.json()
  const folder = env.DATA_DIR || './data'
  const rows = [
    ['Open', `${url}/rooms/lobby`],
    ['Storage', durability === 'none' ? 'memory, nothing is kept' : `embedded log in ${folder}`],
    ['Redis', env.REDIS_URL ? 'on' : 'off (one process)'],
    ['Access', 'open: whoever reaches this address may read and write every room'],
    ['"Saved"', `means ${SAVED.get(durability) ?? durability}`],
    ['Stop', 'Ctrl-C; all that was acknowledged is kept'],
  ]
  if (durability === 'none') rows.pop()
  return ['', ...rows.map(([name = '', text]) => `  ${name.padEnd(9)}${text}`), ''].join('\n')
}
