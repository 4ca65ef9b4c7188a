import { parseCard, parseChatMessage, roomDoc } from '@roomful/shared'
import type * as Y from 'yjs'

/**
 * A room's content as plain text, to be taken along where the room itself is closed: the cards, the chat in the order of
 * its times, the note.
 *
 * @example roomText(doc) // '# Cards\n\nName the moment\n\n# Chat\n\nAda: hello\n\n'
 */
export function roomText(doc: Y.Doc): string {
  const { cards, chat, note } = roomDoc(doc)
  const texts = [...cards].flatMap(([id, value]) => parseCard(id, value)?.text.toString() ?? [])
  const messages = chat
    .toArray()
    .flatMap((value) => parseChatMessage(value) ?? [])
    .sort((a, b) => a.sentAt - b.sentAt)
  return [
    section('Cards', texts, '\n\n'),
    section(
      'Chat',
      messages.map(({ name, text }) => `${name}: ${text}`),
      '\n',
    ),
    section('Note', [note.toString()], '\n'),
  ].join('')
}

function section(title: string, texts: readonly string[], between: string): string {
  const written = texts.map((text) => text.trim()).filter((text) => text !== '')
  return written.length === 0 ? '' : `# ${title}\n\n${written.join(between)}\n\n`
}
