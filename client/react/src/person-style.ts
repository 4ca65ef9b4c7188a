import type { CSSProperties } from 'react'

/** A name of its own, so that no type has to know it: React passes custom properties on. */
const PERSON: string = '--person'

/** Gives an element the colour of a person, as `--person`. */
export function personStyle(color: string): CSSProperties {
  return { [PERSON]: color }
}
