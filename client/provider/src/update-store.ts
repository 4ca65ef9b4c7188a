import { createStores, openDB } from 'lib0/indexeddb'

/** What lies in a document's database, read in one transaction. */
export interface StoredDocument {
  readonly updates: readonly Uint8Array[]
  readonly notes: ReadonlyMap<string, unknown>
}

/**
 * One document's database in IndexedDB, laid out as y-indexeddb's: `updates` (numbered) and `custom` (notes by name).
 *
 * Not y-indexeddb itself: it leaves a refused open, a full disk and a database deleted under it as unhandled rejections or
 * as errors thrown into the document's transaction, and it cannot store a note together with an update.
 */
export class UpdateStore {
  readonly #db: IDBDatabase

  private constructor(db: IDBDatabase, onLost: () => void) {
    this.#db = db
    // deleted by another tab, or by the browser; closing it ourselves fires neither
    db.onversionchange = () => {
      db.close()
      onLost()
    }
    db.onclose = onLost
  }

  /** Opens or makes the database. Rejects where IndexedDB is absent, refused or broken; `onLost`: it was deleted. */
  static async open(name: string, onLost: () => void): Promise<UpdateStore> {
    const stores = [[UPDATES, { autoIncrement: true }], [NOTES]]
    return new UpdateStore(await openDB(name, (db) => createStores(db, stores)), onLost)
  }

  /** Everything there is, in order. */
  read(): Promise<StoredDocument> {
    return this.#transact('readonly', (updates, notes) => {
      const [all, names, values] = [updates.getAll(), notes.getAllKeys(), notes.getAll()]
      return () => ({
        updates: all.result,
        notes: new Map(names.result.map((name, index) => [String(name), values.result[index]])),
      })
    })
  }

  /** Adds updates and changes notes (`undefined` deletes one): all of it or nothing. Rejects where it is not stored (full, closed). */
  write(added: readonly Uint8Array[], changes: ReadonlyMap<string, unknown>): Promise<void> {
    return this.#transact('readwrite', (updates, notes) => {
      for (const update of added) updates.add(update)
      for (const [name, value] of changes) {
        if (value === undefined) notes.delete(name)
        else notes.put(value, name)
      }
      return () => {}
    })
  }

  /**
   * Puts one update in place of all. `merge` is given what lies there, other tabs' updates included; in one transaction,
   * so that nothing a tab adds meanwhile is lost.
   */
  compact(merge: (updates: readonly Uint8Array[]) => Uint8Array): Promise<void> {
    return this.#transact('readwrite', (updates) => {
      const all = updates.getAll()
      all.onsuccess = () => {
        const merged = merge(all.result)
        updates.clear()
        updates.add(merged)
      }
      return () => {}
    })
  }

  /** Idempotent; what was asked for before is still stored. */
  close(): void {
    this.#db.close()
  }

  #transact<T>(
    mode: IDBTransactionMode,
    ask: (updates: IDBObjectStore, notes: IDBObjectStore) => () => T,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      // throws where the database is closed, which rejects
      const transaction = this.#db.transaction([UPDATES, NOTES], mode)
      const result = ask(transaction.objectStore(UPDATES), transaction.objectStore(NOTES))
      transaction.oncomplete = () => resolve(result())
      transaction.onabort = () => reject(transaction.error ?? new Error('aborted'))
    })
  }
}

const UPDATES = 'updates'
const NOTES = 'custom'
