import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { type Shot, writeContactSheet } from './contact-sheet.ts'
import { setStage, type Stage } from './stage.ts'
import { stillView, type View, VIEWS } from './views.ts'

const SIZES = [
  { name: 'wide', width: 1440, height: 860, isMobile: false, hasTouch: false },
  { name: 'phone', width: 390, height: 844, isMobile: true, hasTouch: true },
] as const
const THEMES = ['light', 'dark'] as const
const SCENES = [
  { company: 'alone', content: 'empty' },
  { company: 'alone', content: 'busy' },
  { company: 'people', content: 'empty' },
  { company: 'people', content: 'busy' },
] as const

/** What to take, and where to put it. */
export interface TakeOptions {
  readonly folder: string
  /** Only pictures whose file name holds this. */
  readonly only: string
  readonly log: (line: string) => void
}

/**
 * Takes every view in both themes, wide and on a phone, alone and among eight, empty and busy, online, offline and refused.
 *
 * @returns the contact sheet's path
 */
export async function takeAll(browser: Browser, { folder, only, log }: TakeOptions): Promise<string> {
  // a part is taken beside what is there
  if (only === '') await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const shots: Shot[] = []
  for (const size of SIZES) {
    for (const { company, content } of SCENES) {
      const scene = `${company}-${content}`
      const fileOf = (view: string, theme: string, state: string): string =>
        `${view}-${size.name}-${theme}-${scene}-${state}.png`
      const wants = (view: string, state: string): boolean =>
        THEMES.some((theme) => fileOf(view, theme, state).includes(only))
      const states = ['online', 'offline', 'refused'] as const
      const views = VIEWS.filter((view) => isThere(view, company, content))
      if (!states.some((state) => viewsOf(state, views).some(({ name }) => wants(name, state)))) continue
      const { width, height, isMobile, hasTouch } = size
      const stage = await setStage(browser, {
        company,
        content,
        context: { viewport: { width, height }, isMobile, hasTouch, deviceScaleFactor: isMobile ? 2 : 1 },
      })
      try {
        for (const state of states) {
          const wanted = viewsOf(state, views).filter(({ name }) => wants(name, state))
          if (wanted.length === 0) continue
          await enterState(stage, state)
          for (const view of wanted) {
            await view.open(stage.person.page)
            if (view.name === 'note' && company === 'people' && content === 'busy' && state === 'online')
              stage.cast.writeNote()
            for (const theme of THEMES) {
              const file = fileOf(view.name, theme, state)
              if (!file.includes(only)) continue
              await stage.person.page.emulateMedia({ colorScheme: theme })
              await stillView(stage.person.page)
              await stage.person.page.screenshot({ path: join(folder, file) })
              const caption = [size.name, theme, company, content, state].join(' · ')
              shots.push({ view: view.name, caption, file, isWide: size.name === 'wide' })
            }
            await view.close(stage.person.page)
          }
          log(`${size.name}, ${company}, ${content}, ${state}: ${shots.length} pictures so far`)
        }
      } finally {
        await stage.strike()
      }
    }
  }
  if (shots.length === 0) throw new Error(`no picture's name holds “${only}”`)
  return writeContactSheet(folder, shots)
}

type State = 'online' | 'offline' | 'refused'

async function enterState(stage: Stage, state: State): Promise<void> {
  switch (state) {
    case 'online':
      return
    case 'offline':
      // every part of the page is there by then, as it is with somebody who has looked at it for a moment
      await stage.person.page.waitForLoadState('networkidle')
      return stage.goOffline()
    case 'refused':
      return stage.refuse()
  }
}

function isThere(view: View, company: string, content: string): boolean {
  return (
    (view.needsCards !== true || content === 'busy') && (view.needsPeople !== true || company === 'people')
  )
}

/** A page that was refused has the bar and the reason; offline nobody else is in sight. */
function viewsOf(state: State, views: readonly View[]): readonly View[] {
  switch (state) {
    case 'online':
      return views
    case 'offline':
      return views.filter(({ needsPeople }) => needsPeople !== true)
    case 'refused':
      return views.filter(({ name }) => ['room', 'rooms', 'status', 'palette'].includes(name))
  }
}
