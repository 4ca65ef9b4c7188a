import { expect, test } from 'vitest'
import { reasonIn } from './install.mjs'

test('the reason of a failed install is the line with the error, without colours', () => {
  const output =
    'Progress: resolved 1\n\u001b[31m ERR_PNPM_FETCH_404 \u001b[39m GET https://r/x: Not Found\nThis error happened\n'
  expect(reasonIn(output)).toBe('ERR_PNPM_FETCH_404  GET https://r/x: Not Found')
})

test('without such a line the last one is the reason, and silence is named', () => {
  expect(reasonIn('one\ntwo\n\n')).toBe('two')
  expect(reasonIn('\n')).toBe('no output')
})
