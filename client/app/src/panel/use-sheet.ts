import { useEffect, useMemo, useState } from 'react'

/** The phone's sheet stands at one of three heights. */
export type SheetHeight = 'low' | 'half' | 'full'

/** Handle and tabs only. */
const LOW_PX = 76
/** The top bar, and a strip of the board to tap, stay in sight. */
const FULL_GAP_PX = 76
const HALF_SHARE = 0.46

/** The sheet's height and how to change it. */
export interface Sheet {
  readonly height: SheetHeight
  /** In pixels, for the window as it is. */
  readonly px: number
  /** Pixels the finger has pulled it up (negative: down) so far. */
  readonly pull: (px: number) => void
  /** The finger has let go: to the nearest height, in the direction of a flick. */
  readonly release: (velocity: number) => void
  /** One step higher, and from the top down again: for the keyboard. */
  readonly cycle: () => void
  /** Opens it where it lies low, or to its full height, which the next `raise` to half takes back. */
  readonly raise: (to: 'half' | 'full') => void
  readonly pulled: boolean
}

/** Faster than this a release is a flick, pixels per ms. */
const FLICK = 0.4
const ORDER: readonly SheetHeight[] = ['low', 'half', 'full']

/** The state of the phone's sheet. */
export function useSheet(): Sheet {
  const [{ height }, setHeights] = useState<Heights>({ height: 'half' })
  const [pull, setPull] = useState(0)
  const windowHeight = useWindowHeight()
  return useMemo(() => {
    const px = sheetPx(height, windowHeight) + pull
    return {
      height,
      px: Math.min(Math.max(px, LOW_PX), sheetPx('full', windowHeight)),
      pulled: pull !== 0,
      pull: setPull,
      release(velocity) {
        setPull(0)
        setHeights({ height: nearestHeight(px, velocity, height, windowHeight) })
      },
      cycle: () => setHeights({ height: ORDER[(ORDER.indexOf(height) + 1) % ORDER.length] ?? 'half' }),
      raise: (to) => setHeights((now) => raised(now, to)),
    }
  }, [height, pull, windowHeight])
}

/** Where the sheet stands, and where it stood before it was raised to its full height for something. */
export interface Heights {
  readonly height: SheetHeight
  readonly before?: SheetHeight
}

/** The sheet as it is asked for: by the note at its full height, by everything else where it was before that. */
export function raised(now: Heights, to: 'half' | 'full'): Heights {
  if (to === 'full') return now.height === 'full' ? now : { height: 'full', before: now.height }
  const height = now.height === 'full' ? (now.before ?? 'full') : now.height
  return { height: height === 'low' ? 'half' : height }
}

/** The height in pixels in a window that is `windowHeight` high. */
export function sheetPx(height: SheetHeight, windowHeight: number): number {
  switch (height) {
    case 'low':
      return LOW_PX
    case 'half':
      return Math.max(Math.round(windowHeight * HALF_SHARE), Math.min(260, windowHeight - FULL_GAP_PX))
    case 'full':
      return Math.max(LOW_PX, windowHeight - FULL_GAP_PX)
  }
}

/** Where a sheet let go at `px` comes to rest; `velocity` in pixels per ms, up is positive. */
export function nearestHeight(
  px: number,
  velocity: number,
  from: SheetHeight,
  windowHeight: number,
): SheetHeight {
  if (Math.abs(velocity) > FLICK) {
    const next = ORDER.indexOf(from) + (velocity > 0 ? 1 : -1)
    return ORDER[Math.min(Math.max(next, 0), ORDER.length - 1)] ?? from
  }
  const distance = (height: SheetHeight): number => Math.abs(sheetPx(height, windowHeight) - px)
  return [...ORDER].sort((a, b) => distance(a) - distance(b))[0] ?? from
}

/** The height that is really visible: an on-screen keyboard takes its part. */
function useWindowHeight(): number {
  const [height, setHeight] = useState(readHeight)
  useEffect(() => {
    const read = (): void => {
      setHeight(readHeight())
      // browsers that lay the keyboard over the page instead of resizing it say so here
      document.documentElement.style.setProperty('--app-height', `${readHeight()}px`)
    }
    read()
    const target = window.visualViewport ?? window
    target.addEventListener('resize', read)
    return () => {
      target.removeEventListener('resize', read)
      document.documentElement.style.removeProperty('--app-height')
    }
  }, [])
  return height
}

function readHeight(): number {
  const { visualViewport } = window
  // a pinch-zoomed page reports the zoomed part: that is no keyboard
  return visualViewport !== null && visualViewport.scale === 1 ? visualViewport.height : window.innerHeight
}
