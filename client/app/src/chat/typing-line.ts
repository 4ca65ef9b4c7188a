/** Who is typing, in words: names are given in the order to show. `undefined` when nobody is. */
export type TypingLine =
  | { readonly kind: 'one'; readonly name: string }
  | { readonly kind: 'two'; readonly first: string; readonly second: string }
  | { readonly kind: 'several' }

/** @example typingLine(['Calm Heron', 'Bold Lynx']) // { kind: 'two', … } */
export function typingLine(names: readonly string[]): TypingLine | undefined {
  const [first, second, third] = names
  if (first === undefined) return undefined
  if (second === undefined) return { kind: 'one', name: first }
  return third === undefined ? { kind: 'two', first, second } : { kind: 'several' }
}
