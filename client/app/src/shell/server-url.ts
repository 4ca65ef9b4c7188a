/** Where the room sockets are: `VITE_WS_URL`, or `/ws` of the server this page came from. No slash at the end. */
export function serverUrl(): string {
  const configured: unknown = import.meta.env['VITE_WS_URL']
  if (typeof configured === 'string' && configured !== '') return configured.replace(/\/+$/, '')
  const { protocol, host } = location
  return `${protocol === 'https:' ? 'wss:' : 'ws:'}//${host}/ws`
}
