/**
 * Where the room sockets are: `VITE_WS_URL`, which may be a path of the server this page came from (`/server/ws`), or `/ws`
 * there. No slash at the end.
 */
export function serverUrl(
  configured: unknown = import.meta.env['VITE_WS_URL'],
  { protocol, host }: Pick<Location, 'protocol' | 'host'> = location,
): string {
  const base = typeof configured === 'string' && configured !== '' ? configured.replace(/\/+$/, '') : '/ws'
  return base.startsWith('/') ? `${protocol === 'https:' ? 'wss:' : 'ws:'}//${host}${base}` : base
}
