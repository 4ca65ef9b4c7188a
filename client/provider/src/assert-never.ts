/** The end of an exhaustive switch: a case that was forgotten is a type error here. */
export function assertNever(value: never): never {
  throw new Error(`unexpected ${JSON.stringify(value)}`)
}
