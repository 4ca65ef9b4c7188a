const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/**
 * An id of `length` URL-safe characters, 6 bits each. Built on `getRandomValues`, which also exists on plain http,
 * where `randomUUID` and `subtle` do not.
 *
 * @example randomId() // 'Q3_fZ0p1xB7LkVd2aY9sT'
 */
export function randomId(length: number = 21): string {
  let id = ''
  for (const byte of crypto.getRandomValues(new Uint8Array(length))) id += ALPHABET.charAt(byte & 63)
  return id
}
