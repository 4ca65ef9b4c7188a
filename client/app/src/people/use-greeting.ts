import { useEffect, useState } from 'react'
import { whenIdle } from '../ui/lazy-part.tsx'
import { firstVisit } from './first-visit.ts'

/** What shows that somebody is at work already. */
const AT_WORK = ['pointerdown', 'keydown', 'wheel'] as const

/**
 * Turns true once, on a device's first visit, when the page has settled and `prepare` is done. Who has begun to do something
 * by then is left alone: they know their way.
 */
export function useGreeting(prepare: () => Promise<unknown>): boolean {
  const [greeting, setGreeting] = useState(false)
  useEffect(() => {
    if (!firstVisit.isNow()) return
    let isWaiting = true
    const giveUp = (): void => {
      if (isWaiting) firstVisit.isOver()
      isWaiting = false
    }
    for (const type of AT_WORK) addEventListener(type, giveUp, { capture: true, once: true })
    const stop = (): void => {
      isWaiting = false
      for (const type of AT_WORK) removeEventListener(type, giveUp, { capture: true })
    }
    whenIdle(() => {
      // without the network it would be an empty box
      prepare().then(
        () => {
          if (!isWaiting) return
          stop()
          firstVisit.isOver()
          setGreeting(true)
        },
        () => undefined,
      )
    })
    return stop
  }, [prepare])
  return greeting
}
