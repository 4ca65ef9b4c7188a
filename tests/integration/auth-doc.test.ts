import { readFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { formatHelp } from '../../server/src/config-help.ts'
import { createJwtAuthorizer } from '@roomful/server'
import { afterEach, expect, test } from 'vitest'
import { docSnippet, runDocProgram, type DocProgram } from '../support/doc-program.ts'
import { openRaw } from '../support/raw-socket.ts'
import { connectRoomful } from '../support/roomful-client.ts'
import { startServer } from '../support/test-server.ts'
import { SECRET } from '../support/tokens.ts'
import { waitFor } from '../support/wait.ts'

const DOC = readFileSync(fileURLToPath(new URL('../../docs/auth.md', import.meta.url)), 'utf8')

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

function run(code: string, env?: Record<string, string>): DocProgram {
  const program = runDocProgram(code, env)
  cleanups.push(() => program.stop())
  return program
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

test('[W28] the backend of docs/auth.md has ten lines, and its tokens do what the page says', async () => {
  const code = docSnippet(DOC, 'SignJWT')
  const lines = code.split('\n').filter((line) => line.trim() !== '')
  expect(lines.length).toBeLessThanOrEqual(10)
  const port = await freePort()
  const program = run(code, { AUTH_JWT_SECRET: SECRET, TOKEN_PORT: String(port) })
  const ask = async (): Promise<string> => (await fetch(`http://127.0.0.1:${port}/`)).text()
  await waitFor(`the backend; it printed: ${program.output()}`, () =>
    ask().then(
      () => true,
      () => false,
    ),
  )
  const local = await startServer({ authorize: createJwtAuthorizer({ secret: SECRET }) })
  cleanups.push(() => local.close())
  const enter = async (room: string): Promise<ReturnType<typeof connectRoomful>> => {
    const client = connectRoomful(local.wsUrl, room, { token: ask })
    cleanups.push(client.destroy)
    await waitFor('an answer', () => client.provider.synced || client.provider.connection === 'closed')
    return client
  }
  const team = await enter('team-plans')
  expect(team.provider.hello).toMatchObject({
    permission: 'write',
    user: { id: 'user-17', name: 'Ada Lovelace' },
  })
  expect((await enter('all-hands')).provider.hello?.permission).toBe('read')
  expect((await enter('elsewhere')).provider.connectionDetail.closedReason?.code).toBe(4403)
})

test('[W28] the hook of docs/auth.md lets in, sends to sign in, and sends away', async () => {
  const program = run(docSnippet(DOC, 'createCollabServer').replace('port: 3000', 'port: 0'))
  await waitFor('the address', () => /http:\/\/127\.0\.0\.1:\d+/.test(program.output()))
  const [url = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(program.output()) ?? []
  const open = async (target: string): Promise<number | undefined> => {
    const socket = await openRaw(`${url.replace('http', 'ws')}/ws/${target}`)
    cleanups.push(() => socket.ws.terminate())
    await waitFor('an answer', () => socket.closed !== undefined || socket.frames.length > 0)
    return socket.closed?.code
  }
  expect(await open('plans?token=secret-of-ada')).toBeUndefined()
  expect(await open('other?token=secret-of-ada')).toBe(4403)
  expect(await open('plans?token=wrong')).toBe(4401)
})

test('docs/auth.md names every variable of the door, and no other', () => {
  const named = (text: string): string[] => [...new Set(text.match(/\bAUTH_[A-Z_]+\b/g))].toSorted()
  expect(named(DOC)).toEqual(named(formatHelp('0.0.0')))
})
