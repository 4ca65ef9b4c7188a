import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { LOBBY } from '@roomful/shared'
import { SignJWT, type JWTPayload } from 'jose'
import { describe, expect, test } from 'vitest'
import type { Access, AuthorizeAnswer } from '../authorize.ts'
import { createJwtAuthorizer, type JwtOptions } from './jwt.ts'

const SECRET = 'a secret that has thirty-two bytes and more'
const secretKey = Buffer.from(SECRET)
const NOW = 1_900_000_000_000
const S = NOW / 1_000
const request = new IncomingMessage(new Socket())

const ed = generateKeyPairSync('ed25519')
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
const pem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString()

const CLAIMS = { sub: 'ada', exp: S + 60, iat: S, rooms: { '*': 'write' } }

const sign = (claims: JWTPayload, alg = 'HS256', key: KeyObject | Uint8Array = secretKey): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg }).sign(key)

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

async function answer(
  token: string | undefined,
  options: JwtOptions = { secret: SECRET },
): Promise<Access | AuthorizeAnswer> {
  const authorize = createJwtAuthorizer({ now: () => NOW, ...options })
  return authorize({ room: LOBBY, token, request })
}

const refusal = { access: 'none', reason: 'token' }

describe('[I7] createJwtAuthorizer', () => {
  test('a token says who somebody is, what they may do and for how long', async () => {
    const token = await sign({ ...CLAIMS, name: 'Ada', color: '#ca4459', rooms: { lobby: 'read' } })
    expect(await answer(token)).toEqual({
      access: 'read',
      user: { id: 'ada', name: 'Ada', color: '#ca4459' },
      expiresAt: NOW + 60_000,
      issuedAt: NOW,
    })
  })

  test('a valid token that does not open this room is no reason to sign in again', async () => {
    for (const rooms of [undefined, {}, { other: 'write' }, { lobby: 'none' }]) {
      const given = await answer(await sign({ ...CLAIMS, rooms }))
      expect(given, JSON.stringify(rooms)).toMatchObject({ access: 'none' })
      expect(given).not.toHaveProperty('reason')
    }
  })

  test('a token without sub or exp, or with claims that are none, is refused', async () => {
    const { sub: _sub, ...anonymous } = CLAIMS
    const { exp: _exp, ...everlasting } = CLAIMS
    const wrong: JWTPayload[] = [
      anonymous,
      everlasting,
      { ...CLAIMS, sub: '' },
      { ...CLAIMS, sub: 'x'.repeat(65) },
      { ...CLAIMS, rooms: 'lobby' },
      { ...CLAIMS, rooms: { lobby: 'owner' } },
    ]
    for (const claims of wrong)
      expect(await answer(await sign(claims)), JSON.stringify(claims)).toMatchObject(refusal)
    const unsigned = (payload: unknown): string => {
      const text = `${base64({ alg: 'HS256' })}.${base64(payload)}`
      return `${text}.${createHmac('sha256', SECRET).update(text).digest('base64url')}`
    }
    for (const payload of [{ ...CLAIMS, exp: 'soon' }, { ...CLAIMS, sub: 7 }, [CLAIMS], 'claims', null])
      expect(await answer(unsigned(payload)), JSON.stringify(payload)).toMatchObject(refusal)
  })

  test('expired, and not yet valid but for what clocks differ by', async () => {
    expect(await answer(await sign({ ...CLAIMS, exp: S + 1 }))).toMatchObject({ access: 'write' })
    expect(await answer(await sign({ ...CLAIMS, exp: S }))).toMatchObject(refusal)
    expect(await answer(await sign({ ...CLAIMS, exp: S - 60 }))).toMatchObject(refusal)
    expect(await answer(await sign({ ...CLAIMS, nbf: S + 5 }))).toMatchObject({ access: 'write' })
    expect(await answer(await sign({ ...CLAIMS, nbf: S + 6 }))).toMatchObject(refusal)
  })

  test('issuer and audience are asked for where they are set', async () => {
    const options = { secret: SECRET, issuer: 'https://id.example', audience: 'roomful' }
    const good = { ...CLAIMS, iss: 'https://id.example', aud: ['other', 'roomful'] }
    expect(await answer(await sign(good), options)).toMatchObject({ access: 'write' })
    expect(await answer(await sign({ ...good, aud: 'other' }), options)).toMatchObject(refusal)
    expect(await answer(await sign({ ...good, iss: 'https://evil.example' }), options)).toMatchObject(refusal)
    expect(await answer(await sign(CLAIMS), options)).toMatchObject(refusal)
  })

  test('no token, and what is none', async () => {
    for (const token of [undefined, 'x', '..', 'a.b.c', `${await sign(CLAIMS)}x`, '💥'])
      expect(await answer(token), token).toMatchObject(refusal)
  })

  test('another key than ours', async () => {
    const stranger = Buffer.from('another secret that has thirty-two bytes')
    expect(await answer(await sign(CLAIMS, 'HS256', stranger))).toMatchObject(refusal)
  })

  test.each([
    ['EdDSA', ed],
    ['RS256', rsa],
    ['ES256', ec],
  ] as const)('a public key takes tokens of its own algorithm: %s', async (alg, keys) => {
    const options = { publicKey: pem(keys.publicKey) }
    const token = await sign(CLAIMS, alg, keys.privateKey)
    expect(await answer(token, options)).toMatchObject({ access: 'write' })
    // as a line of an environment file
    const oneLine = { publicKey: options.publicKey.replaceAll('\n', '\\n') }
    expect(await answer(token, oneLine)).toMatchObject({ access: 'write' })
    for (const other of [ed, rsa, ec]) {
      if (other === keys) continue
      expect(await answer(token, { publicKey: pem(other.publicKey) })).toMatchObject(refusal)
    }
  })

  test('the header chooses nothing: a public key is no secret, a secret no public key, and none is no algorithm', async () => {
    // the classic: sign with HS256, the PEM everybody can read as its secret
    for (const keys of [ed, rsa, ec]) {
      const publicKey = pem(keys.publicKey)
      const forged = await sign(CLAIMS, 'HS256', Buffer.from(publicKey))
      expect(await answer(forged, { publicKey })).toMatchObject(refusal)
    }
    expect(await answer(await sign(CLAIMS, 'RS256', rsa.privateKey))).toMatchObject(refusal)
    for (const alg of ['none', 'None', 'NONE', '']) {
      const bare = `${base64({ alg })}.${base64(CLAIMS)}.`
      expect(await answer(bare), alg).toMatchObject(refusal)
      expect(await answer(bare, { publicKey: pem(rsa.publicKey) }), alg).toMatchObject(refusal)
    }
    expect(await answer(await sign(CLAIMS, 'HS512', Buffer.alloc(64, 7)))).toMatchObject(refusal)
    expect(
      await answer(await sign(CLAIMS, 'PS256', rsa.privateKey), { publicKey: pem(rsa.publicKey) }),
    ).toMatchObject(refusal)
  })

  test('a key that comes with the token counts for nothing', async () => {
    const jwk = ed.publicKey.export({ format: 'jwk' })
    const token = await new SignJWT(CLAIMS)
      .setProtectedHeader({
        alg: 'EdDSA',
        jwk,
        jku: 'https://evil.example/keys',
        x5u: 'https://evil.example',
      })
      .sign(ed.privateKey)
    expect(await answer(token)).toMatchObject(refusal)
    expect(await answer(token, { publicKey: pem(rsa.publicKey) })).toMatchObject(refusal)
  })

  test('keys that cannot be used are said so at once', () => {
    const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey
    const p384 = generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).publicKey
    const wrong: [JwtOptions, RegExp][] = [
      [{ secret: 'too short' }, /32 bytes/],
      [{ publicKey: 'no pem' }, /PEM/],
      [{ publicKey: pem(small) }, /2048/],
      [{ publicKey: pem(p384) }, /P-256/],
      [{ publicKey: ed.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }, /private key/],
    ]
    for (const [options, message] of wrong) expect(() => createJwtAuthorizer(options)).toThrow(message)
  })
})
