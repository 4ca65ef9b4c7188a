import * as Y from 'yjs'
import { Random } from './random.ts'
import type { StockClient } from './stock-client.ts'
import type { ConcurrentTrace } from './trace.ts'
import { nextTurn } from './wait.ts'

/** Clock of each author after each of their updates: what a document must have reached to hold it. */
function clocksOf(trace: ConcurrentTrace): number[][] {
  const clocks = trace.clientIDs.map(() => [0])
  for (const entry of trace.updates) {
    const to = Y.parseUpdateMeta(entry.update).to.get(trace.clientIDs[entry.author] ?? -1)
    const own = clocks[entry.author]
    own?.push(to ?? own.at(-1) ?? 0)
  }
  return clocks
}

/**
 * Types what one author of a trace typed, each edit once what it was typed on has arrived. Now and then the author goes offline
 * for some edits: half of the times with a goodbye, half as with a pulled cable.
 *
 * @returns how many offline spells there were
 */
export async function typeAsAuthor(
  client: StockClient,
  author: number,
  trace: ConcurrentTrace,
  seed: number,
): Promise<number> {
  const random = new Random(seed + author)
  const clocks = clocksOf(trace)
  const needed = (needs: readonly number[]): boolean =>
    needs.every(
      (count, of) => Y.getState(client.doc.store, trace.clientIDs[of] ?? -1) >= (clocks[of]?.[count] ?? 0),
    )
  let spells = 0
  let offlineFor = 0
  let typed = 0
  for (const entry of trace.updates) {
    if (entry.author !== author) continue
    if (offlineFor > 0 && --offlineFor === 0) client.provider.connect()
    if (offlineFor === 0 && random.chance(0.002)) {
      spells++
      offlineFor = random.between(1, 200)
      // half of them say goodbye, half lose their cable (the stock client then returns by itself)
      if (random.chance(0.5)) client.provider.disconnect()
      else client.cut()
    }
    if (!needed(entry.needs)) {
      offlineFor = 0
      client.provider.connect()
      await new Promise<void>((resolve) => {
        const check = (): void => {
          if (!needed(entry.needs)) return
          client.doc.off('update', check)
          resolve()
        }
        client.doc.on('update', check)
        check()
      })
    }
    Y.applyUpdate(client.doc, entry.update, 'typed')
    if (++typed % 16 === 0) await nextTurn()
  }
  client.provider.connect()
  return spells
}
