import 'react'

declare module 'react' {
  interface CSSProperties {
    /** A person's identity colour, for what belongs to them. */
    '--person'?: string
    /** The phone sheet’s height, which the tools stand on. */
    '--sheet-height'?: string
    /** How much of the room has arrived. */
    '--done'?: string
  }
}
