import { describe, expect, test } from 'vitest'
import type { ConnectionDetail } from './connection.ts'
import { Standing } from './standing.ts'

const LIVE: ConnectionDetail = { state: 'connected', rttMs: 3 }

function listen(): { standing: Standing; heard: unknown[] } {
  const heard: unknown[] = []
  const emit = (name: string, [value]: readonly unknown[]): void =>
    void heard.push([name, value, standing.pending])
  const standing = new Standing({ emit })
  standing.add(() => heard.push('changed'))
  return { standing, heard }
}

describe('how a provider stands', () => {
  test('what is new is told once, each event after all of it holds', () => {
    const { standing, heard } = listen()
    standing.publish(LIVE, 2, false)
    expect(heard).toEqual([['connection', 'connected', 2], ['pending', 2, 2], 'changed'])
    expect(standing.detail).toBe(LIVE)
  })

  test('the same facts are no news, and the detail stays the same object', () => {
    const { standing, heard } = listen()
    standing.publish(LIVE, 0, false)
    heard.length = 0
    standing.publish({ ...LIVE }, 0, false)
    expect(heard).toEqual([])
    expect(standing.detail).toBe(LIVE)
  })

  test('a risk has no event of its own', () => {
    const { standing, heard } = listen()
    standing.publish({ state: 'closed' }, 0, true)
    expect(heard).toEqual(['changed'])
  })
})
