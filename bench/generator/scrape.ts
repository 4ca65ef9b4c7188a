import type { Target } from './client.ts'

/** One number of a server's `/metrics`; `NaN` where it has none. */
export async function scrape(target: Target, name: string): Promise<number> {
  const response = await fetch(`http://${target.host}:${target.port}/metrics`)
  const lines = response.ok ? (await response.text()).split('\n') : []
  const line = lines.find((one) => one.startsWith(`${name} `))
  return line === undefined ? Number.NaN : Number(line.slice(name.length + 1))
}
