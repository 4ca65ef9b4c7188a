// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { nextTabStop, tabStops } from './tab-stops.ts'

function panel(html: string): HTMLElement {
  document.body.innerHTML = `<div id="panel" tabindex="-1">${html}</div>`
  return document.getElementById('panel') ?? document.body
}
const ids = (root: HTMLElement): string[] => tabStops(root).map(({ id }) => id)
const focus = (id: string): void => document.getElementById(id)?.focus()

test('[U41] Tab goes round in a popover, both ways', () => {
  const root = panel('<input id="name"><button id="more">…</button><a id="link" href="#there">x</a>')
  focus('link')
  expect(nextTabStop(root, false)?.id).toBe('name')
  focus('name')
  expect(nextTabStop(root, true)?.id).toBe('link')
  // in between the browser knows the way
  expect(nextTabStop(root, false)).toBeUndefined()
})

test('[U41] from the popover itself Tab goes to its first control, Shift+Tab to its last', () => {
  const root = panel('<button id="one"></button><button id="two"></button>')
  root.focus()
  expect(nextTabStop(root, false)?.id).toBe('one')
  expect(nextTabStop(root, true)?.id).toBe('two')
})

test('[U41] what Tab passes over is no end: disabled, taken out, radio buttons but the chosen one', () => {
  const radios = ['a', 'b', 'c'].map((id) => `<input type="radio" name="color" id="${id}">`).join('')
  const root = panel(`<button disabled id="off"></button>${radios}<button tabindex="-1" id="out"></button>`)
  expect(ids(root)).toEqual(['a'])
  document.querySelector<HTMLInputElement>('#b')?.click()
  expect(ids(root)).toEqual(['b'])
})

test('[U41] a popover without controls keeps the focus itself, until Esc', () => {
  const root = panel('<p>All is well</p>')
  root.focus()
  expect(nextTabStop(root, false)).toBe(root)
  expect(nextTabStop(root, true)).toBe(root)
})
