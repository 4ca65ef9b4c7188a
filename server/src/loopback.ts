/** Whether only this machine can reach a listener on `listenHost`. */
export function isLoopback(listenHost: string): boolean {
  return listenHost === 'localhost' || listenHost === '::1' || /^127(\.\d{1,3}){3}$/.test(listenHost)
}
