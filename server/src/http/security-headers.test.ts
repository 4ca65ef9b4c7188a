import { createHash } from 'node:crypto'
import { IncomingMessage, ServerResponse, type IncomingHttpHeaders } from 'node:http'
import { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { contentSecurityPolicy, setBaseHeaders } from './security-headers.ts'

test('a page of own scripts only may run own scripts only', () => {
  const policy = contentSecurityPolicy('<script type="module" src="/assets/a.js"></script>')
  expect(policy).toContain("script-src 'self';")
  expect(policy).toContain("object-src 'none'")
  expect(policy).toMatch(/connect-src 'self' ws: wss:/)
  expect(policy).not.toContain('unsafe-eval')
})

test("the page's inline scripts are allowed by their hash, nothing else inline is", () => {
  const script = 'document.documentElement.dataset.theme = "dark"'
  const hash = createHash('sha256').update(script).digest('base64')
  const policy = contentSecurityPolicy(`<script>${script}</script><script src="/a.js"></script>`)
  expect(policy).toContain(`script-src 'self' 'sha256-${hash}';`)
  expect(policy).not.toMatch(/script-src[^;]*unsafe-inline/)
})

test('[U62] the opener policy is sent where a browser heeds it: https, also behind a proxy, and loopback', () => {
  const policyFor = (headers: IncomingHttpHeaders): unknown => {
    const request = new IncomingMessage(new Socket())
    Object.assign(request.headers, headers)
    const response = new ServerResponse(request)
    setBaseHeaders(response)
    return response.getHeader('cross-origin-opener-policy')
  }
  for (const host of ['127.0.0.1:3000', 'localhost', '[::1]:3000', 'LOCALHOST:80'])
    expect([host, policyFor({ host })]).toEqual([host, 'same-origin'])
  expect(policyFor({ host: 'rooms.example', 'x-forwarded-proto': 'https' })).toBe('same-origin')
  for (const host of ['roomful.test:3000', '192.168.0.7', '127.0.0.1.example', undefined])
    expect([host, policyFor({ host })]).toEqual([host, undefined])
})
