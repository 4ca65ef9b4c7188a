import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { OpenCount, clientAddress } from './address.ts'

function requestFrom(remoteAddress: string | undefined, forwarded?: string): IncomingMessage {
  const socket = new Socket()
  Object.defineProperty(socket, 'remoteAddress', { value: remoteAddress })
  const request = new IncomingMessage(socket)
  if (forwarded !== undefined) request.headers['x-forwarded-for'] = forwarded
  return request
}

describe('[W18] the address a connection is counted under', () => {
  test.each([
    ['203.0.113.7', undefined, '203.0.113.7'],
    ['203.0.113.7', '198.51.100.1', '203.0.113.7'],
    ['127.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['::ffff:127.0.0.1', 'forged, 198.51.100.1', '198.51.100.1'],
    ['::1', '', '::1'],
    [undefined, undefined, 'unknown'],
  ])('from %s, forwarded for %s: %s', (remote, forwarded, address) => {
    expect(clientAddress(requestFrom(remote, forwarded))).toBe(address)
  })

  test('counts go up and down, each connection once', () => {
    const counts = new OpenCount()
    const [first, second] = [counts.add('a'), counts.add('a')]
    counts.add('b')
    expect([counts.of('a'), counts.of('b'), counts.of('c')]).toEqual([2, 1, 0])
    first()
    first()
    expect(counts.of('a')).toBe(1)
    second()
    expect(counts.of('a')).toBe(0)
  })
})
