/** A value somebody else wrote, seen as an object with fields of any kind. */
export type Fields = Readonly<Record<string, unknown>>

/** Any object, arrays included: reading a field that is not there is no error. */
export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}

/** The fields of anything, to be checked one by one: what has no fields has none of them. */
export function fieldsOf(value: unknown): Fields {
  return Object(value) as Fields
}

/** A string of `min` to `max` UTF-16 units. */
export function isText(value: unknown, min: number = 0, max: number = Infinity): value is string {
  return typeof value === 'string' && value.length >= min && value.length <= max
}

/** A number that is neither NaN nor infinite. */
export function isFinite(value: unknown): value is number {
  return Number.isFinite(value)
}

/** A whole number, not negative. */
export function isCount(value: unknown): value is number {
  return isFinite(value) && value >= 0 && value % 1 === 0
}

/** One of a list of literals. */
export function isOneOf<T>(list: readonly T[], value: unknown): value is T {
  return (list as readonly unknown[]).includes(value)
}
