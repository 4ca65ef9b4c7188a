/** Reads the room's generation out of the reason of a 4404 close, `generation=<n>`. */
export function parseGeneration(reason: string): number | undefined {
  const digits = /^generation=(\d{1,15})$/.exec(reason)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** `<host>:<room>`: a room on this device, whatever the page's address. */
export function roomKey(serverUrl: string, room: string): string {
  let host = serverUrl
  try {
    host = new URL(serverUrl).host
  } catch {
    // a relative address: it names the place well enough
  }
  return `${host}:${room}`
}

/** The name of a room's IndexedDB. The generation is part of it: a deleted room's copy never mixes with its successor. */
export function localCopyName(key: string, generation: number | undefined): string {
  return `roomful:${key}:${generation ?? 0}`
}

/** Stands in the name of a copy that has come apart from the server's, between its old name and something random. */
export const ASIDE = '~'

/** Where it is remembered which generation the local copy belongs to. */
export function readGeneration(key: string): number | undefined {
  try {
    return parseGeneration(`generation=${globalThis.localStorage?.getItem(generationKey(key))}`)
  } catch {
    // SecurityError: storage is refused to this page
    return undefined
  }
}

export function writeGeneration(key: string, generation: number): void {
  try {
    globalThis.localStorage?.setItem(generationKey(key), String(generation))
  } catch {
    // refused or full: the next load asks the server without a generation
  }
}

/** In front of each room's key in local storage. */
export const GENERATION_PREFIX = 'roomful:generation:'

function generationKey(key: string): string {
  return GENERATION_PREFIX + key
}
