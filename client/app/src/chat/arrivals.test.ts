import type { ChatMessage } from '@roomful/shared'
import { describe, expect, test } from 'vitest'
import { Arrivals } from './arrivals.ts'

const message = (id: string): ChatMessage => ({
  id,
  userId: 'a',
  name: 'A',
  color: '#1c75d6',
  text: id,
  sentAt: 0,
})

describe('[U21] [U24] what is new in the chat', () => {
  test('is what was never there: at the end, in between, not what was there from the start', () => {
    const [one, two, three] = [message('1'), message('2'), message('3')]
    const arrivals = new Arrivals([two])
    expect(arrivals.next([two])).toEqual([])
    expect(arrivals.next([two, three])).toEqual([three])
    expect(arrivals.next([one, two, three])).toEqual([one])
  })

  test('an edit is not new, nor is a removal that was taken back', () => {
    const [one, two] = [message('1'), message('2')]
    const arrivals = new Arrivals([one, two])
    expect(arrivals.next([{ ...one, text: 'edited' }, two])).toEqual([])
    expect(arrivals.next([two])).toEqual([])
    expect(arrivals.next([one, two])).toEqual([])
  })
})
