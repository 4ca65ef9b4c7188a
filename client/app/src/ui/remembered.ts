import { readDevice, writeDevice } from './device-storage.ts'

/** How a value is stored: `parse` is given what lies there, by whomever, and `null` where nothing does. */
export interface RememberedForm<T> {
  readonly parse: (stored: string | null) => T
  readonly format: (value: T) => string | null
}

/**
 * A choice that this device remembers and that all its tabs share. Its functions need no `this`.
 *
 * @example const sound = new Remembered('roomful:sound', { parse: (text) => text !== 'off', format: (on) => (on ? 'on' : 'off') })
 */
export class Remembered<T> {
  readonly #key: string
  readonly #form: RememberedForm<T>
  readonly #listeners = new Set<() => void>()
  #value: T
  #isRead = false

  constructor(key: string, form: RememberedForm<T>) {
    this.#key = key
    this.#form = form
    // storage is not asked before somebody wants to know
    this.#value = form.parse(null)
  }

  /** The same value until it was set, here or in another tab that is listened to. */
  readonly get = (): T => {
    if (!this.#isRead) this.#read()
    return this.#value
  }

  readonly set = (value: T): void => {
    this.#isRead = true
    this.#value = value
    writeDevice(this.#key, this.#form.format(value))
    this.#tell()
  }

  /** Called at each change, here and in other tabs. Returns how to stop. */
  readonly subscribe = (listener: () => void): (() => void) => {
    if (this.#listeners.size === 0) addEventListener('storage', this.#onStorage)
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) removeEventListener('storage', this.#onStorage)
    }
  }

  readonly #onStorage = (event: StorageEvent): void => {
    // null: everything was cleared
    if (event.key !== this.#key && event.key !== null) return
    this.#read()
    this.#tell()
  }

  #read(): void {
    this.#isRead = true
    this.#value = this.#form.parse(readDevice(this.#key))
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}
