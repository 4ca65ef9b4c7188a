import { createPublicKey, type KeyObject } from 'node:crypto'
import {
  createRemoteJWKSet,
  type CryptoKey,
  errors,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
  type JWTVerifyResult,
} from 'jose'

/** Where the keys are that tokens are checked with: exactly one of the three. */
export type JwtKeySource =
  | { readonly secret: string; readonly publicKey?: undefined; readonly jwksUrl?: undefined }
  /** PEM (`-----BEGIN PUBLIC KEY-----`) of an Ed25519, RSA or P-256 key. */
  | { readonly publicKey: string; readonly secret?: undefined; readonly jwksUrl?: undefined }
  | {
      readonly jwksUrl: string
      readonly secret?: undefined
      readonly publicKey?: undefined
      /** The set is not fetched again for an unknown key within this time, ms. Default 30,000. */
      readonly jwksCooldownMs?: number | undefined
      /** A set older than this is fetched anew, ms. Default 600,000. */
      readonly jwksMaxAgeMs?: number | undefined
    }

/** RFC 7518 section 3.2: an HS256 key has at least the 256 bits of its hash. */
export const MIN_SECRET_BYTES = 32
/** RFC 7518 section 3.3. */
const MIN_RSA_BITS = 2_048
/** A key server that takes longer counts as away: connections are told to come back. */
const JWKS_TIMEOUT_MS = 5_000
const JWKS_COOLDOWN_MS = 30_000
const JWKS_MAX_AGE_MS = 600_000
/** What a public key set may sign with. A secret in it would let anybody who can read the set sign. */
const JWKS_ALGORITHMS = ['EdDSA', 'Ed25519', 'RS256', 'ES256']

/** Checks a token's signature, and its times and parties as `options` say. Rejects with jose's errors. */
export type Verify = (token: string, options: JWTVerifyOptions) => Promise<JWTVerifyResult>

/**
 * How tokens are checked with these keys. What a token says of its algorithm chooses nothing: each kind of key has its own.
 *
 * @throws TypeError where the keys cannot be used, with what to do
 */
export function createVerify(source: JwtKeySource): Verify {
  if (source.secret !== undefined) {
    const key = Buffer.from(source.secret)
    if (key.length < MIN_SECRET_BYTES)
      throw new TypeError(`must have at least ${MIN_SECRET_BYTES} bytes, such as: openssl rand -base64 48`)
    return (token, options) => jwtVerify(token, key, { ...options, algorithms: ['HS256'] })
  }
  if (source.publicKey !== undefined) {
    const { key, algorithms } = readPublicKey(source.publicKey)
    return (token, options) => jwtVerify(token, key, { ...options, algorithms })
  }
  const keys = createRemoteJWKSet(new URL(source.jwksUrl), {
    timeoutDuration: JWKS_TIMEOUT_MS,
    cooldownDuration: source.jwksCooldownMs ?? JWKS_COOLDOWN_MS,
    cacheMaxAge: source.jwksMaxAgeMs ?? JWKS_MAX_AGE_MS,
  })
  const find: JWTVerifyGetKey = async (header, token): Promise<CryptoKey> => {
    const mayBeOld = keys.coolingDown
    try {
      return await keys(header, token)
    } catch (error) {
      // perhaps the key is newer than our copy of the set: that is no verdict on the token
      if (mayBeOld && error instanceof errors.JWKSNoMatchingKey)
        throw new Error('the key set was fetched a moment ago and lacks the key of this token', {
          cause: error,
        })
      throw error
    }
  }
  return (token, options) => jwtVerify(token, find, { ...options, algorithms: JWKS_ALGORITHMS })
}

/** Reads a PEM; line ends may be written as `\n`, as environment files do. */
function readPublicKey(text: string): { readonly key: KeyObject; readonly algorithms: string[] } {
  const pem = text.replaceAll('\\n', '\n')
  if (pem.includes('PRIVATE KEY'))
    throw new TypeError('is a private key: keep it where tokens are made, and give the public one here')
  let key: KeyObject
  try {
    key = createPublicKey(pem)
  } catch (error) {
    throw new TypeError('must be a public key in PEM (-----BEGIN PUBLIC KEY-----)', { cause: error })
  }
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key
  if (type === 'ed25519') return { key, algorithms: ['EdDSA', 'Ed25519'] }
  if (type === 'rsa' && (details?.modulusLength ?? 0) >= MIN_RSA_BITS) return { key, algorithms: ['RS256'] }
  if (type === 'ec' && details?.namedCurve === 'prime256v1') return { key, algorithms: ['ES256'] }
  throw new TypeError(`must be an Ed25519, P-256 or RSA key (RSA of ${MIN_RSA_BITS} bits at least)`)
}
