/**
 * An id of `length` URL-safe characters, 6 bits each. Built on `getRandomValues`, which also exists on plain http,
 * where `randomUUID` and `subtle` do not.
 *
 * @example randomId() // 'Q3_fZ0p1xB7LkVd2aY9sT'
 */
export function randomId(length: number = 21): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length))
  // base64 has more characters than bytes went in, each of 6 random bits: the first are as good as any
  return btoa(String.fromCharCode(...bytes))
    .slice(0, length)
    .replaceAll('+', '-')
    .replaceAll('/', '_')
}
