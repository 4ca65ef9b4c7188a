import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignJWT, type JWTPayload } from 'jose'

/** A key for `AUTH_JWT_SECRET`. */
export const SECRET = 'a secret of tests that has more than thirty-two bytes'

/** What a token says; times in seconds from now. */
export interface TokenClaims {
  readonly sub?: string
  readonly name?: string
  readonly color?: string
  readonly rooms?: unknown
  readonly lifetimeS?: number
}

/** Claims of a token for every room, unless told otherwise. */
export function claims({ lifetimeS = 3_600, ...said }: TokenClaims = {}): JWTPayload {
  const now = Math.floor(Date.now() / 1_000)
  return { sub: 'ada', rooms: { '*': 'write' }, iat: now, exp: now + lifetimeS, ...said }
}

/** A token as a backend with `AUTH_JWT_SECRET` makes it. */
export function createToken(said: TokenClaims = {}): Promise<string> {
  return new SignJWT(claims(said)).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(SECRET))
}

/** Whoever issues tokens and publishes the keys they are checked with. */
export interface Issuer {
  readonly url: string
  /** How often the key set was asked for. */
  readonly asked: number
  /** A new key from now on; the old one stays in the set only where told so. */
  rotate(keepsOld: boolean): void
  /** The key set cannot be had from now on, or again. */
  fail(isAway: boolean): void
  sign(said?: TokenClaims): Promise<string>
  close(): Promise<void>
}

interface SigningKey {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/** Starts an issuer with a key set at a local address. */
export async function startIssuer(): Promise<Issuer> {
  let made = 0
  let asked = 0
  let isAway = false
  const createKey = (): SigningKey => ({ kid: `key-${++made}`, ...generateKeyPairSync('ed25519') })
  let current = createKey()
  let published = [current]
  const server = createServer((_request, response) => {
    asked += 1
    response.statusCode = isAway ? 503 : 200
    response.setHeader('content-type', 'application/json')
    const keys = published.map(({ kid, publicKey }) => ({
      ...publicKey.export({ format: 'jwk' }),
      kid,
      alg: 'EdDSA',
      use: 'sig',
    }))
    response.end(isAway ? '{}' : JSON.stringify({ keys }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/jwks.json`,
    get asked() {
      return asked
    },
    rotate(keepsOld) {
      const before = current
      current = createKey()
      published = keepsOld ? [before, current] : [current]
    },
    fail(isGone) {
      isAway = isGone
    },
    sign: (said) =>
      new SignJWT(claims(said))
        .setProtectedHeader({ alg: 'EdDSA', kid: current.kid })
        .sign(current.privateKey),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
