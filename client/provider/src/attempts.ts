import type { WebsocketProvider } from 'y-websocket'
import { Backoff } from './backoff.ts'
import type { ClientClock } from './clock.ts'
import type { ClosedReason } from './connection.ts'
import { giveUp } from './give-up.ts'
import { park } from './parked-socket.ts'
import type { Phase } from './phase.ts'

/** A socket that has not opened and spoken by then is given up, ms: browsers wait for minutes. */
export const CONNECT_TIMEOUT_MS = 10_000
/** The local copy gets so long to be read before we connect without it, ms. */
export const LOCAL_COPY_WAIT_MS = 1_000

/** What {@link Attempts} drive. */
export interface AttemptsOptions {
  readonly provider: WebsocketProvider
  readonly clock: ClientClock
  readonly random: () => number
  readonly token: string | (() => string | Promise<string>) | undefined
  /** Opens the socket with this token; throws where the address cannot be opened. */
  readonly open: (token: string) => void
  readonly onPhase: (phase: Phase) => void
}

/** Decides when a connection is tried: asks for the token, waits between tries, one try at a time. */
export class Attempts {
  readonly backoff: Backoff
  readonly #options: AttemptsOptions
  #phase: Phase = { state: 'closed', reason: undefined }
  #isRetrying = false
  /** Of the last try. */
  #token: string | undefined
  /** The token that has run out: asked for anew, it must be another. */
  #renewed: { readonly token: string | undefined; readonly reason: ClosedReason } | undefined
  #stopTimer: (() => void) | undefined

  constructor(options: AttemptsOptions) {
    this.#options = options
    this.backoff = new Backoff(options.random)
  }

  get phase(): Phase {
    return this.#phase
  }

  /** A try has failed or a connection has dropped since {@link connect}. */
  get isRetrying(): boolean {
    return this.#isRetrying
  }

  /** Enters a phase; what was planned for the one before is forgotten. */
  enter(phase: Phase, timeoutMs: number = 0, onTimeout?: () => void): void {
    this.#stopTimer?.()
    this.#stopTimer = onTimeout && this.#options.clock.after(timeoutMs, onTimeout)
    this.#phase = phase
    this.#options.onPhase(phase)
  }

  /** Nothing more is tried. */
  close(reason?: ClosedReason): void {
    this.enter({ state: 'closed', reason })
  }

  /**
   * Somebody wants a connection now.
   *
   * @param isLoading the local copy is being read: with it the server only sends what is new.
   * @throws what the socket's constructor throws, where the address cannot be opened.
   */
  connect(isLoading: boolean): void {
    const { state } = this.#phase
    this.#renewed = undefined
    if (state === 'closed') {
      this.#isRetrying = false
      this.backoff.reset()
      if (isLoading) {
        this.#park(true)
        this.enter({ state: 'loading' }, LOCAL_COPY_WAIT_MS, () => this.try())
        return
      }
      // in every other phase a try is under way, or the connection stands
    } else if (state !== 'waiting' && state !== 'dropped') return
    try {
      this.#tryOrThrow()
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** A try nobody waits for: an address that cannot be opened is one more failure. */
  try(): void {
    this.#orFail(() => this.#tryOrThrow())
  }

  /**
   * The token has run out under a connection that was live: tries once more, with a new one, where there is somebody to
   * ask for it.
   *
   * @param reason what closed it: how it ends where the new token is the old one.
   * @param isStable the connection had held: a server that throws out whoever comes in is not tried again at once.
   * @returns whether it does.
   */
  renew(reason: ClosedReason, isStable: boolean): boolean {
    if (typeof this.#options.token !== 'function') return false
    this.#renewed = { token: this.#token, reason }
    this.#isRetrying = true
    if (isStable) this.try()
    else this.wait()
    return true
  }

  /** The next try comes by itself. `code`: how the last socket closed, where there was one. */
  wait(code?: number): void {
    const { clock, provider } = this.#options
    const delayMs = this.backoff.next(code, provider.maxBackoffTime)
    this.#isRetrying = true
    this.#park(true)
    this.enter({ state: 'waiting', retryAt: clock.now() + delayMs }, delayMs, () => this.try())
  }

  #tryOrThrow(): void {
    const { token: source, provider } = this.#options
    // somebody said so on y-websocket's documented field
    if (!provider.shouldConnect) {
      this.#park(false)
      this.close()
      return
    }
    const token = typeof source === 'function' ? source() : source
    if (typeof token !== 'object') {
      this.#open(token ?? '')
      return
    }
    const phase: Phase = { state: 'asking-token' }
    this.#park(true)
    this.enter(phase, CONNECT_TIMEOUT_MS, () => this.#fail(new Error('the token function did not answer')))
    // the tabs need no token
    if (!provider.bcconnected) provider.connectBc()
    const isCurrent = (): boolean => this.#phase === phase
    token.then(
      (value) => {
        if (isCurrent()) this.#orFail(() => this.#open(value))
      },
      (error: unknown) => {
        if (isCurrent()) this.#fail(error)
      },
    )
  }

  #open(token: string): void {
    const { provider, open } = this.#options
    this.#park(false)
    const renewed = this.#renewed
    this.#renewed = undefined
    if (renewed?.token === token) {
      this.close(renewed.reason)
      return
    }
    this.#token = token
    this.enter({ state: 'opening' }, CONNECT_TIMEOUT_MS, () => giveUp(provider))
    open(token)
  }

  #orFail(run: () => void): void {
    try {
      run()
    } catch (error) {
      this.#fail(error)
    }
  }

  /** A try came to nothing before there was a socket. */
  #fail(error: unknown): void {
    const { provider } = this.#options
    provider.emit('connection-error', [Object.assign(new Event('error'), { error }), provider])
    if (this.#phase.state !== 'closed') this.wait()
  }

  #park(isParked: boolean): void {
    park(this.#options.provider, isParked)
  }
}
