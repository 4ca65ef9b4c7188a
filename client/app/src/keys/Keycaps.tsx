import type { ReactElement } from 'react'
import { keyGlyphs } from './key-glyphs.ts'
import { keyWords } from './key-words.ts'

interface KeycapsProps {
  /** As `pressed` reads it: "Mod+K". */
  readonly keys: string
}

/** A shortcut as keys to press. */
export function Keycaps({ keys }: KeycapsProps): ReactElement {
  const glyphs = keyGlyphs(keys)
  return (
    <span className="keycaps">
      <span className="sr-only">{keyWords(glyphs)}</span>
      {glyphs.map((glyph) => (
        <kbd key={glyph} aria-hidden>
          {glyph}
        </kbd>
      ))}
    </span>
  )
}
