import { NOTICE_CODES } from '@roomful/shared'
import { expect, test } from 'vitest'
import { noticeWords } from './notice-words.ts'

test('[U32] a notice is told in a person’s words, and says what becomes of the change', () => {
  expect(noticeWords('too-large')).toMatch(/full.*kept here.*Delete something/)
  expect(noticeWords('refused')).toMatch(/kept here and sent again/)
  expect(noticeWords('read-only')).toMatch(/kept here/)
  for (const code of NOTICE_CODES) expect(noticeWords(code) ?? '').not.toMatch(/LIMIT_|clientID/)
})

test('what passes by itself, or is said in another place, is not told', () => {
  for (const code of ['progress', 'draining', 'clock-stolen', 'clientid-conflict'] as const)
    expect(noticeWords(code)).toBeUndefined()
})
