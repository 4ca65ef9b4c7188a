import { JSDOM } from 'jsdom'

const { window } = new JSDOM('<!doctype html><body></body>', {
  pretendToBeVisual: true,
  url: 'http://127.0.0.1/',
})

/**
 * Puts a page around a test that also runs a server, where vitest's own jsdom would give the server a browser's modules
 * and URLs. Import it before whatever looks at the page.
 */
for (const name of [
  'window',
  'Window',
  'document',
  'navigator',
  'Node',
  'Element',
  'HTMLElement',
  'Text',
  'Document',
  'DocumentFragment',
  'DOMParser',
  'MutationObserver',
  'Range',
  'Selection',
  'getSelection',
  'getComputedStyle',
  'requestAnimationFrame',
  'cancelAnimationFrame',
  'innerHeight',
  'innerWidth',
  'KeyboardEvent',
  'InputEvent',
  'ClipboardEvent',
  'DragEvent',
] as const) {
  const value: unknown = name === 'window' ? window : Reflect.get(window, name)
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
}

// jsdom lays nothing out
Object.assign(window.Range.prototype, {
  getClientRects: () => [],
  getBoundingClientRect: () => ({ x: 0, y: 0, width: 0, height: 0, top: 0, right: 0, bottom: 0, left: 0 }),
})
