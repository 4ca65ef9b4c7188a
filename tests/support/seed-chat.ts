import { type ChatMessage, roomDoc } from '@roomful/shared'
import { connectRoomful } from './roomful-client.ts'
import { waitFor } from './wait.ts'

/** Someone who wrote before anybody came. */
export const WRITER = { userId: 'writer', name: 'Calm Heron', color: '#ca4459' } as const

/**
 * Writes messages into a room and leaves; resolves when they are stored.
 *
 * @param serverUrl `ws://host:port/ws`
 * @example await seedChat(server.wsUrl, 'lobby', ['hello'])
 */
export async function seedChat(
  serverUrl: string,
  room: string,
  messages: readonly (string | Partial<ChatMessage>)[],
): Promise<void> {
  const client = connectRoomful(serverUrl, room)
  const { provider, doc } = client
  try {
    await waitFor('the room', () => provider.synced)
    const now = provider.serverNow()
    const whole = messages.map((message, index): ChatMessage => {
      const fields = typeof message === 'string' ? { text: message } : message
      const sentAt = now - (messages.length - index) * 1_000
      return { id: `seed-${index}`, ...WRITER, text: `message ${index}`, sentAt, ...fields }
    })
    roomDoc(doc).chat.push(whole)
    await waitFor('the messages to be stored', () => provider.pending === 0)
  } finally {
    client.destroy()
  }
}
