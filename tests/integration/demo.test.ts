import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { CARD_COLORS, parseCard, parseChatMessage, parsePresence, roomDoc } from '@roomful/shared'
import { afterEach, expect, test } from 'vitest'
import { connectStock, type StockClient } from '../support/stock-client.ts'
import { startServer } from '../support/test-server.ts'
import { waitFor } from '../support/wait.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const others = ({ doc, provider }: StockClient) =>
  [...provider.awareness.getStates()].flatMap(([clientId, state]) => {
    const presence = clientId === doc.clientID ? undefined : parsePresence(state)
    return presence === undefined ? [] : [presence]
  })

/** The visitors alone, as `npm run demo -- --url`: what builds and serves them is tested with `npm start`. */
function invite(serverUrl: string, speed: number): ReturnType<typeof spawn> {
  const script = `
    import { inviteVisitors } from './scripts/demo/people.mjs'
    const visitors = inviteVisitors({ serverUrl: ${JSON.stringify(serverUrl)}, room: 'demo', people: 5, speed: ${speed}, seed: 7 })
    process.once('SIGTERM', () => void visitors.leave())`
  const flags = ['--conditions=@roomful/source', '--import', 'tsx', '--input-type=module', '-e', script]
  const child = spawn(process.execPath, flags, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] })
  cleanups.push(() => child.kill('SIGKILL'))
  return child
}

test('five visitors of the demo move, drag cards, write, type and chat, greet a guest, and leave cleanly', async () => {
  const server = await startServer()
  cleanups.push(() => server.close())
  const guest = connectStock(server.wsUrl, 'demo')
  cleanups.push(() => guest.destroy())
  guest.provider.awareness.setLocalStateField('user', {
    id: 'guest',
    name: 'Guest Bear',
    color: '#007fa1',
    colorLight: '#007fa133',
  })
  const { cards, chat } = roomDoc(guest.doc)
  const seen = { pointers: new Set<string>(), typing: false, selecting: false }
  guest.provider.awareness.on('change', () => {
    for (const { pointer, typing, selection } of others(guest)) {
      if (pointer !== null) seen.pointers.add(`${pointer.x.toFixed(3)} ${pointer.y.toFixed(3)}`)
      seen.typing ||= typing
      seen.selecting ||= selection.length > 0
    }
  })
  const moved = new Set<string>()
  cards.observeDeep((events) => {
    for (const event of events)
      if (event.path.length === 1 && event.keys.has('pos')) moved.add(String(event.path[0]))
  })

  const child = invite(server.wsUrl, 10)
  await waitFor('five visitors', () => others(guest).length === 5)
  expect(new Set(others(guest).map(({ user }) => user.id)).size).toBe(5)
  expect(new Set(others(guest).map(({ user }) => user.color)).size).toBe(5)
  await waitFor('pointers on their way', () => seen.pointers.size > 100)
  await waitFor('a card dragged', () => moved.size > 0)
  await waitFor('somebody with a card in hand', () => seen.selecting)
  await waitFor('somebody typing', () => seen.typing)
  const texts = () => chat.toArray().flatMap((raw) => parseChatMessage(raw)?.text ?? [])
  await waitFor('a conversation', () => texts().length >= 5)
  await waitFor('the guest to be greeted', () => texts().some((text) => text.includes('Guest Bear')))
  for (const [id, raw] of cards) {
    const card = parseCard(id, raw)
    expect(card?.text.toString()).not.toBe('')
    expect(CARD_COLORS).toContain(card?.color)
  }
  await waitFor('the note', () => roomDoc(guest.doc).note.length > 0)

  const ended = new Promise((settle) => child.once('close', settle))
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
  await waitFor('an empty room', () => others(guest).length === 0)
})
