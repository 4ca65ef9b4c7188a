/** What "saved" in the app promises, by the durability the server states. */
export const SAVED = new Map([
  ['none', 'nothing: rooms live in memory and end with this process'],
  ['disk', 'synced to disk: it survives a crash of the server and of the machine'],
  ['redis-always', 'synced to disk by Redis: it survives a crash of any server and of Redis'],
  [
    'redis-everysec',
    'taken by Redis: it survives a crash of any server; a power cut of Redis loses up to 2 s',
  ],
  [
    'redis-none',
    'taken by Redis, which keeps no log of its own: it survives a crash of any server, not one of Redis',
  ],
  ['redis-unknown', 'taken by Redis: it survives a crash of any server; what Redis keeps, it does not say'],
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
    ['Storage', storageOf(storage.kind, env)],
    [
      'Redis',
      redis === 'off' ? 'off: one process serves all rooms' : 'on: other instances share these rooms',
    ],
    ['Access', auth === 'open' ? 'open: whoever reaches this address may read and write every room' : auth],
    ['"Saved"', `means ${SAVED.get(durability) ?? durability}`],
    ['Stop', isKept ? 'Ctrl-C: everybody is told, everything is stored' : 'Ctrl-C'],
  ]
  return ['', ...rows.map(([name = '', text]) => `  ${name.padEnd(9)}${text}`), ''].join('\n')
}

/**
 * @param {string} kind
 * @param {NodeJS.ProcessEnv} env
 */
function storageOf(kind, env) {
  if (kind === 'memory') return 'memory: nothing is kept'
  return kind === 'redis' ? 'Redis' : `${kind} log in ${env.DATA_DIR || './data'}`
}
