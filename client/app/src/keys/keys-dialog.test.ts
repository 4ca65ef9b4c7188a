// @vitest-environment jsdom
import { act, createElement } from 'react'
import { createRoot } from 'react-dom/client'
import { expect, test } from 'vitest'
import { hideKeysDialog, hideKeysDialogs, showKeysDialog, useKeysDialog } from './keys-dialog.ts'

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })

function Shown(): string {
  return useKeysDialog() ?? 'none'
}

test('[U40] a dialog that hears late of its closing does not close the one opened meanwhile', async () => {
  const host = document.createElement('div')
  const root = createRoot(host)
  await act(async () => root.render(createElement(Shown)))
  expect(host.textContent).toBe('none')
  await act(async () => showKeysDialog('shortcuts'))
  await act(async () => showKeysDialog('palette'))
  await act(async () => hideKeysDialog('shortcuts'))
  expect(host.textContent).toBe('palette')
  await act(async () => hideKeysDialogs())
  expect(host.textContent).toBe('none')
  await act(async () => root.unmount())
})
