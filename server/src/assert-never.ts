/** Ends an exhaustive switch: a new arm of the union is a type error here. */
export function assertNever(value: never): never {
  throw new Error(`not expected: ${JSON.stringify(value)}`)
}
