import { memo, type ReactNode, Suspense } from 'react'
import { lazyPart } from '../ui/lazy-part.ts'

interface MessageTextProps {
  readonly text: string
}

/** What a link has in it; without it no parser is needed. */
const MAYBE_LINK = /[.:]\S/
const LinkedText = lazyPart(async () => (await import('./LinkedText.tsx')).LinkedText)

/** A message's text with its links. The link parser is fetched with the first message that may have one. */
export const MessageText = memo(function MessageText({ text }: MessageTextProps): ReactNode {
  if (!MAYBE_LINK.test(text)) return text
  return (
    <Suspense fallback={text}>
      <LinkedText text={text} />
    </Suspense>
  )
})
