import { errors, type JWTPayload } from 'jose'
import type { Authorize, AuthorizeAnswer } from '../authorize.ts'
import { createVerify, type JwtKeySource } from './jwt-keys.ts'
import { accessTo, parseRoomClaim } from './room-claim.ts'

/** What tokens are checked with and against. */
export type JwtOptions = JwtKeySource & {
  /** `iss` must be this. */
  readonly issuer?: string | undefined
  /** `aud` must be, or contain, this. */
  readonly audience?: string | undefined
  /** ms since 1970; default: the process's clock. */
  readonly now?: (() => number) | undefined
}

/**
 * Clocks of honest servers differ by about so much, s: a token may begin so much later by our clock than by its issuer's.
 * Its end is taken at its word, so that it ends when its issuer said.
 */
export const CLOCK_TOLERANCE_S = 5

/** What is wrong with a token itself. Everything else (a key server that is away) is no fault of whoever brings it. */
const TOKEN_FAULTS: ReadonlySet<string> = new Set([
  errors.JWTExpired.code,
  errors.JWTClaimValidationFailed.code,
  errors.JWTInvalid.code,
  errors.JWSInvalid.code,
  errors.JWSSignatureVerificationFailed.code,
  errors.JOSEAlgNotAllowed.code,
  errors.JOSENotSupported.code,
  errors.JWKSNoMatchingKey.code,
  errors.JWKSMultipleMatchingKeys.code,
])

/**
 * An authorizer for JSON Web Tokens. Claims: `sub` and `exp` (both required), `rooms`, `name`, `color`, `iat`, `nbf`;
 * `docs/auth.md` says what each does.
 *
 * @throws TypeError where the keys cannot be used
 * @example createCollabServer({ backend, authorize: createJwtAuthorizer({ secret }), authKind: 'jwt' })
 */
export function createJwtAuthorizer(options: JwtOptions): Authorize {
  const verify = createVerify(options)
  const now = options.now ?? Date.now
  return async ({ room, token }) => {
    if (token === undefined) return refused('no token')
    let payload: JWTPayload
    try {
      const verified = await verify(token, {
        clockTolerance: CLOCK_TOLERANCE_S,
        currentDate: new Date(now()),
        requiredClaims: ['sub', 'exp'],
        ...(options.issuer !== undefined && { issuer: options.issuer }),
        ...(options.audience !== undefined && { audience: options.audience }),
      })
      payload = verified.payload
    } catch (error) {
      if (!(error instanceof errors.JOSEError) || !TOKEN_FAULTS.has(error.code)) throw error
      return refused(error.code)
    }
    const { sub, exp, iat } = payload
    const rooms = parseRoomClaim(payload['rooms'])
    if (typeof sub !== 'string' || sub === '' || sub.length > MAX_SUBJECT_LENGTH) return refused('sub')
    if (rooms === undefined) return refused('rooms')
    // jose has checked that it is a number
    if (exp === undefined || exp * 1_000 <= now()) return refused('exp')
    const access = accessTo(rooms, room)
    if (access === 'none') return { access, detail: 'no rule of the token opens this room' }
    return {
      access,
      user: { id: sub, name: asText(payload['name']), color: asText(payload['color']) },
      expiresAt: exp * 1_000,
      // a token that does not say when it was made counts as made before any revocation
      issuedAt: Math.max((iat ?? 0) * 1_000, LEAST_ISSUED_AT),
    }
  }
}

/** What presence and chat take for an id. */
const MAX_SUBJECT_LENGTH = 64
const LEAST_ISSUED_AT = 100_000_000_000

function refused(detail: string): AuthorizeAnswer {
  return { access: 'none', reason: 'token', detail }
}

function asText(claim: unknown): string | undefined {
  return typeof claim === 'string' ? claim : undefined
}
