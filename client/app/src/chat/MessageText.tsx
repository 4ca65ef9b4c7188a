import { memo, type ReactNode } from 'react'
import { lazyPart } from '../ui/lazy-part.tsx'
import { MentionedText } from './MentionedText.tsx'

interface MessageTextProps {
  readonly text: string
}

/** What a link has in it; without it no parser is needed. */
const MAYBE_LINK = /[.:]\S/
const LinkedText = lazyPart(
  async () => (await import('./LinkedText.tsx')).LinkedText,
  ({ text }) => text,
)

/** A message's text with its links and mentions. The link parser is fetched with the first message that may need it. */
export const MessageText = memo(function MessageText({ text }: MessageTextProps): ReactNode {
  if (!MAYBE_LINK.test(text)) return <MentionedText text={text} />
  return <LinkedText text={text} />
})
