import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ROOTS } from '@roomful/shared'
import { afterEach, expect, test } from 'vitest'
import { connectStock } from '../support/stock-client.ts'
import { startServer } from '../support/test-server.ts'
import { waitFor } from '../support/wait.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

test('examples/note.mjs prints the note and adds what is typed', async () => {
  const server = await startServer()
  cleanups.push(() => server.close())
  const child = spawn(
    process.execPath,
    ['--conditions=@roomful/source', '--import', 'tsx', 'examples/note.mjs', server.wsUrl, 'example'],
    { cwd: ROOT, stdio: ['pipe', 'pipe', 'inherit'] },
  )
  cleanups.push(() => child.kill('SIGKILL'))
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text))
  const other = connectStock(server.wsUrl, 'example')
  cleanups.push(() => other.destroy())
  const note = other.doc.getText(ROOTS.note)
  child.stdin.write('typed in a terminal\n')
  await waitFor('the typed line in another client', () => note.toJSON() === 'typed in a terminal\n')
  note.insert(note.length, 'and from elsewhere')
  await waitFor('the example to print it', () => printed.includes('and from elsewhere'))
  expect(printed).toContain('typed in a terminal')
})
