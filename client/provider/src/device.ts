import * as Y from 'yjs'
import { ASIDE, GENERATION_PREFIX, localCopyName, readGeneration, roomKey } from './generation.ts'
import { UpdateStore } from './update-store.ts'

/** Everything Roomful keeps on a device is named so. */
const PREFIX = 'roomful:'

/** The copy of a room that was deleted on the server, or that had come apart from it, kept on this device with everything in it. */
export interface KeptAside {
  /** The name of its database. */
  readonly name: string
  /** Which life of the room it was: the first is 0. */
  readonly generation: number
}

/**
 * Deletes everything Roomful keeps on this device for this page's origin: copies of rooms, copies kept aside, identity and
 * preferences. Changes that are not on the server are gone with them: ask first. Rooms that are open stay open, in all tabs,
 * and are no longer kept (`localCopy` becomes `'unavailable'`); an identity in use lasts until the page is closed.
 *
 * @example await forgetDevice().then(() => location.assign('/'))
 */
export async function forgetDevice(): Promise<void> {
  const names = await databaseNames()
  for (const storage of storages()) {
    for (const key of keysOf(storage)) if (key.startsWith(PREFIX)) storage.removeItem(key)
  }
  await Promise.all(names.filter((name) => name.startsWith(PREFIX)).map(deleteDatabase))
}

/**
 * The copies of deleted rooms of this name, and of this room where one had come apart from the server's; oldest first. A provider whose room was deleted (close code 4404) leaves its
 * copy here, unsent changes included, and the next load begins with an empty room.
 *
 * @param serverUrl as the provider's.
 * @example
 * for (const copy of await listKeptAside(url, 'lobby')) Y.applyUpdate(doc, await readKeptAside(copy))
 */
export async function listKeptAside(serverUrl: string, room: string): Promise<readonly KeptAside[]> {
  const key = roomKey(serverUrl, room)
  const current = readGeneration(key) ?? 0
  return (await databaseNames())
    .map((name) => {
      const [life = '', aside] = name.slice(name.lastIndexOf(':') + 1).split(ASIDE)
      return { name, generation: Number(life), aside }
    })
    .filter(({ name, generation, aside }) =>
      aside === undefined
        ? name === localCopyName(key, generation) && generation < current
        : name === `${localCopyName(key, generation)}${ASIDE}${aside}`,
    )
    .map(({ name, generation }) => ({ name, generation }))
    .sort((a, b) => a.generation - b.generation)
}

/** The whole document of a copy, as one Yjs update. Rejects where IndexedDB fails. */
export async function readKeptAside(copy: KeptAside): Promise<Uint8Array> {
  const store = await UpdateStore.open(copy.name, () => {})
  try {
    const { updates } = await store.read()
    const doc = new Y.Doc()
    doc.transact(() => {
      for (const update of updates) Y.applyUpdate(doc, update)
    })
    return Y.encodeStateAsUpdate(doc)
  } finally {
    store.close()
  }
}

/** Deletes a copy from the device. */
export async function discardKeptAside(copy: KeptAside): Promise<void> {
  await deleteDatabase(copy.name)
}

/** Old browsers do not list databases: there, the rooms whose generation is remembered are known. */
async function databaseNames(): Promise<string[]> {
  try {
    if (typeof indexedDB.databases === 'function') {
      return (await indexedDB.databases()).flatMap(({ name }) => name ?? [])
    }
  } catch {
    // no IndexedDB, or refused: then there is nothing in it
    return []
  }
  return storages().flatMap((storage) =>
    keysOf(storage)
      .filter((key) => key.startsWith(GENERATION_PREFIX))
      .flatMap((key) => {
        const generations = Number(storage.getItem(key) ?? 0) + 1
        const room = key.slice(GENERATION_PREFIX.length)
        return Array.from({ length: Math.min(generations, MAX_GUESSES) }, (_none, generation) =>
          localCopyName(room, generations - 1 - generation),
        )
      }),
  )
}

/** A room that was deleted more often than this leaves its oldest copies where they cannot be listed. */
const MAX_GUESSES = 100

function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name)
    // a tab that still has it open closes it when it hears of this; then it succeeds
    request.onsuccess = () => resolve()
    request.onerror = () => reject(request.error ?? new Error(`cannot delete ${name}`))
  })
}

function storages(): Storage[] {
  return [() => globalThis.localStorage, () => globalThis.sessionStorage].flatMap((get) => {
    try {
      return get() ?? []
    } catch {
      // SecurityError: storage is refused to this page
      return []
    }
  })
}

function keysOf(storage: Storage): string[] {
  return Array.from({ length: storage.length }, (_none, index) => storage.key(index) ?? '')
}
