import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { connectStock } from '../support/stock-client.ts'
import { startServerProcess, temporaryFolder, type ServerProcess } from '../support/test-server.ts'
import { waitFor } from '../support/wait.ts'

/** What the registry has of a major version, downloaded through npx: the path of its binary. */
async function nodeBinary(major: number): Promise<string | Error> {
  const args = ['--yes', '-p', `node@${major}`, 'node', '-p', 'process.execPath']
  return promisify(execFile)('npx', args).then(
    ({ stdout }) => stdout.trim(),
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  )
}

/** Starts the built server under another Node: a child takes the binary of its parent. */
function startUnder(binary: string, dataDir: string): Promise<ServerProcess> {
  const own = process.execPath
  process.execPath = binary
  const starting = startServerProcess({ built: true, dataDir })
  process.execPath = own
  return starting
}

test.for([22, 24, 26])(
  'the built server under Node %i syncs two clients, drains, and remembers after a restart',
  async (major, { skip }) => {
    const binary = await nodeBinary(major)
    if (binary instanceof Error) skip(`the registry gave no node@${major}: ${binary.message.split('\n')[0]}`)
    const dataDir = temporaryFolder()
    const server = await startUnder(String(binary), dataDir)
    const ada = connectStock(server.wsUrl, 'versions')
    const bob = connectStock(server.wsUrl, 'versions')
    ada.doc.getText('note').insert(0, `written under Node ${major}`)
    await waitFor('the text at the other client', () => bob.doc.getText('note').toJSON().endsWith(`${major}`))
    ada.destroy()
    bob.destroy()
    expect(await server.kill('SIGTERM')).toBe(0)

    const again = await startUnder(String(binary), dataDir)
    const late = connectStock(again.wsUrl, 'versions')
    await waitFor('the stored text', () => late.doc.getText('note').length > 0)
    expect(late.doc.getText('note').toJSON()).toBe(`written under Node ${major}`)
    late.destroy()
    expect(await again.kill('SIGTERM')).toBe(0)
  },
)
