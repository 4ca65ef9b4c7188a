import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { contentSecurityPolicy } from './security-headers.ts'

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
