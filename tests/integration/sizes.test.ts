import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { weigh } from '../support/weigh.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const APP = join(ROOT, 'client/app/dist')
const KB = 1_000

/** What whoever embeds a package has already, or chose beside it. */
const YJS = ['yjs', 'lib0/*', 'y-protocols/*', 'y-websocket']
/** The provider fetches it by itself, and only where a copy is kept. */
const LOCAL_COPY = './room-copy.ts'
/** … and this at the first quiet moment after a change. */
const DIVERGENCE = './divergence.ts'

/** The files of the two parts without which a room is not to be used: its views, and what makes the board answer. */
function roomFiles(): string[] {
  const files = readdirSync(join(APP, 'assets')).filter((name) =>
    /^(RoomEntry|board-parts)-[^.]+\.(js|css)$/.test(name),
  )
  expect(files.length).toBe(4)
  return files
}

/** What a built script imports statically. */
const importsOf = (script: string): string[] =>
  [...script.matchAll(/(\bfrom|\bimport)\s*["']\.\/([^"']+\.js)["']/g)].map(([, , name]) => `assets/${name}`)

/**
 * Bytes of scripts and styles of the built page, gzipped, static imports included: what `index.html` runs, and the parts it
 * has fetched beside that, without which there is no room to use.
 */
function weighFirstLoad(): number {
  const html = readFileSync(join(APP, 'index.html'), 'utf8')
  const queue = [
    ...html.matchAll(/<(?:script|link rel="stylesheet")[^>]+(?:src|href)="\/([^"]+\.(?:js|css))"/g),
  ].map(([, name]) => name ?? '')
  queue.push(...roomFiles().map((name) => `assets/${name}`))
  const loaded = new Set<string>()
  let bytes = 0
  for (const name of queue) {
    if (loaded.has(name)) continue
    loaded.add(name)
    const content = readFileSync(join(APP, name), 'utf8')
    bytes += gzipSync(content, { level: 9 }).length
    if (!name.endsWith('.js')) continue
    queue.push(...importsOf(content))
  }
  expect(loaded.size).toBeGreaterThanOrEqual(3)
  return bytes
}

test('the page names its other parts with all they import, so that nothing of it waits for a script to run', () => {
  const html = readFileSync(join(APP, 'index.html'), 'utf8')
  const named = new Set([...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(([, name]) => name))
  const room = roomFiles()
  const scripts = room.filter((name) => name.endsWith('.js'))
  const needed = scripts.flatMap((name) => importsOf(readFileSync(join(APP, 'assets', name), 'utf8')))
  expect(needed.length).toBeGreaterThan(3)
  for (const name of [...room.map((each) => `assets/${each}`), ...needed]) expect(named).toContain(name)
})

describe('what people download, gzipped', () => {
  // what is counted, and why: docs/decisions/0015-what-the-size-budgets-count.md
  test('RoomfulProvider, without the local copy and the divergence detector it fetches: at most 8 kB beyond yjs, lib0, y-protocols and y-websocket', async () => {
    const bytes = await weigh('client/provider/src/roomful-provider.ts', [...YJS, LOCAL_COPY, DIVERGENCE])
    expect(bytes).toBeGreaterThan(5 * KB)
    expect(bytes).toBeLessThanOrEqual(8 * KB)
  })

  test('RoomfulProvider with its local copy, which is fetched where one is kept: at most 9.8 kB', async () => {
    expect(await weigh('client/provider/src/roomful-provider.ts', [...YJS, DIVERGENCE])).toBeLessThanOrEqual(
      9.8 * KB,
    )
  })

  test('presenceOf, on a provider of any make: at most 3.1 kB', async () => {
    expect(await weigh('client/provider/src/presence-of.ts', YJS)).toBeLessThanOrEqual(3.1 * KB)
  })

  test('all of @roomful/provider, with chat, cards, identity, undo and fractional-indexing: at most 18.2 kB', async () => {
    expect(await weigh('client/provider/src/index.ts', [...YJS, DIVERGENCE])).toBeLessThanOrEqual(18.2 * KB)
  })

  test('[P15] the app, as it was built last, until its first room can be used: at most 130 kB of script and style', () => {
    expect(weighFirstLoad()).toBeLessThanOrEqual(130 * KB)
  })
})
