import type { Config } from './config.ts'
import { LogError } from './log/log-error.ts'

/** The one line a start that failed leaves behind: what happened and what to do. */
export function explainStartFailure(error: unknown, config: Pick<Config, 'host' | 'port'>): string {
  if (error instanceof LogError) return `Cannot start: ${error.message}`
  const { host, port } = config
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return `Cannot start: port ${port} on ${host} is in use: stop what uses it, or set PORT (0 = any free one)`
    case 'EACCES':
      return `Cannot start: this user may not listen on port ${port}: set PORT to 1024 or above`
    case 'EADDRNOTAVAIL':
      return `Cannot start: ${host} is no address of this machine: set HOST`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `Cannot start: the name ${host} cannot be resolved: set HOST to an address`
    default:
      return `Cannot start: ${error instanceof Error ? error.message : String(error)}`
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
