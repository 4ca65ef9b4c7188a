/** What a lease is on: something to be closed when nobody holds it. */
export interface Closable {
  close(): void
}

interface Lease<T> {
  readonly value: T
  holders: number
  closing: ReturnType<typeof setTimeout> | undefined
}

/**
 * Acquire and release by count; what nobody holds is closed one tick later. React's StrictMode mounts, unmounts and
 * mounts again within one tick: that must not reconnect.
 */
export class RoomLeases<T extends Closable> {
  readonly #leases = new Map<unknown, Lease<T>>()

  /** The value under `key`, opened when nobody holds it. Each call needs one `release`. */
  acquire(key: unknown, open: () => T): T {
    let lease = this.#leases.get(key)
    if (lease === undefined) {
      lease = { value: open(), holders: 0, closing: undefined }
      this.#leases.set(key, lease)
    }
    clearTimeout(lease.closing)
    lease.holders++
    return lease.value
  }

  release(key: unknown): void {
    const lease = this.#leases.get(key)
    if (lease === undefined) return
    lease.holders--
    if (lease.holders > 0) return
    clearTimeout(lease.closing)
    lease.closing = setTimeout(() => {
      this.#leases.delete(key)
      lease.value.close()
    })
  }
}
