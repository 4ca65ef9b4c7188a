import { Cards, type NewCard } from '@roomful/provider'
import { connectRoomful } from './roomful-client.ts'
import { waitFor } from './wait.ts'

/**
 * Puts cards on a room's board from Node and leaves; gives their ids, in the order given.
 *
 * @param wsUrl `ws://host:port/ws`
 * @example const [a, b] = await seedCards(server.wsUrl, 'lobby', [{ x: 100, y: 100 }, { x: 500, y: 100 }])
 */
export async function seedCards(wsUrl: string, room: string, cards: readonly NewCard[]): Promise<string[]> {
  const client = connectRoomful(wsUrl, room)
  const board = new Cards(client.provider)
  // one by one: each goes in front of what is there already
  const ids = cards.map((card) => board.create(card))
  await waitFor('the cards to be stored', () => client.provider.synced && client.provider.pending === 0)
  board.destroy()
  client.destroy()
  return ids
}
