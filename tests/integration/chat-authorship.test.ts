import { createEmbeddedLog, createJwtAuthorizer } from '@roomful/server'
import { parseChatMessage, roomDoc } from '@roomful/shared'
import { afterEach, expect, test } from 'vitest'
import { connectStock, type StockClient } from '../support/stock-client.ts'
import { startServer, temporaryFolder, type LocalServer } from '../support/test-server.ts'
import { createToken, SECRET } from '../support/tokens.ts'
import { waitFor } from '../support/wait.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function serve(dir: string): Promise<LocalServer> {
  const local = await startServer({
    backend: await createEmbeddedLog({ dir }),
    authorize: createJwtAuthorizer({ secret: SECRET }),
    limits: { unloadMs: 0 },
  })
  cleanups.push(() => local.close())
  return local
}

async function join(local: LocalServer, sub: string): Promise<StockClient> {
  const client = connectStock(local.wsUrl, 'room', { params: { token: await createToken({ sub }) } })
  cleanups.push(() => client.destroy())
  await waitFor('sync', () => client.provider.synced)
  return client
}

const said = ({ doc }: StockClient): string[] =>
  roomDoc(doc)
    .chat.toArray()
    .map((raw) => parseChatMessage(raw)?.text ?? 'no message')

const say = ({ doc }: StockClient, userId: string, text: string): void =>
  roomDoc(doc).chat.push([
    { id: `${userId}-${text}`, userId, name: userId, color: '#ca4459', text, sentAt: Date.now() },
  ])

test('[W38] with a token nobody speaks for another or silences them, stock clients and a restart in between', async () => {
  const dir = temporaryFolder()
  const first = await serve(dir)
  const [ada, eve] = [await join(first, 'ada'), await join(first, 'eve')]
  say(ada, 'ada', 'hello')
  await waitFor('the message', () => said(eve).includes('hello'))
  say(eve, 'ada', 'forged')
  say(eve, 'eve', 'from Eve')
  await waitFor('what is left', () => said(ada).includes('from Eve') && !said(eve).includes('forged'))
  expect(said(ada)).toEqual(['hello', 'from Eve'])
  expect(await first.metric('roomful_chat_reviewed_total{verdict="forged"}')).toBe(1)
  for (const client of [ada, eve]) client.destroy()
  await first.close()

  const second = await serve(dir)
  const [again, bob] = [await join(second, 'eve'), await join(second, 'bob')]
  expect(said(again)).toEqual(['hello', 'from Eve'])
  roomDoc(again.doc).chat.delete(0, 2)
  await waitFor('what she may delete', () => !said(bob).includes('from Eve'))
  expect(said(bob)).toEqual(['hello'])
  expect(await second.metric('roomful_chat_reviewed_total{verdict="kept"}')).toBe(1)
})
