/** The transaction origin of what this tab's person does through the typed helpers; undo tracks it. */
export interface LocalOrigin {
  readonly kind: 'local'
}

/** @example doc.transact(() => note.insert(0, 'hi'), LOCAL_ORIGIN) */
export const LOCAL_ORIGIN: LocalOrigin = { kind: 'local' }
