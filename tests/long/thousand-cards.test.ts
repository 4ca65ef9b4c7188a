import { expect, test } from 'vitest'
import { browserSuite } from '../support/browser-suite.ts'
import type { RoomPage } from '../support/room-page.ts'
import { seedCards } from '../support/seeded-cards.ts'

const suite = browserSuite()

/** Board units of a card's place. */
const place = (person: RoomPage, id: string): Promise<string> =>
  person.card(id).evaluate((card) => getComputedStyle(card).transform)

test('[U53] a room of a thousand cards: all reachable, one is dragged for both', async () => {
  const server = await suite.serve()
  const ids = await seedCards(
    server.wsUrl,
    'thousand',
    Array.from({ length: 1_000 }, (_, n) => ({
      x: (n % 40) * 95,
      y: Math.floor(n / 40) * 95,
      size: [80, 60] as const,
      text: `Card ${n}`,
    })),
  )
  const ada = await suite.enter(server.url, 'thousand')
  const ben = await suite.enter(server.url, 'thousand')
  await expect.poll(() => ada.cards.count()).toBe(1_000)
  const id = ids[420] ?? ''
  const start = await place(ben, id)
  await ada.still(ada.card(id))
  const box = await ada.card(id).boundingBox()
  if (box === null) throw new Error('the card is not on the page')
  const touched = await ada.page.evaluate(() => {
    const seen = new Set<Node>()
    const observer = new MutationObserver((records) => records.forEach(({ target }) => seen.add(target)))
    const world = document.querySelector('.world')
    if (world !== null) observer.observe(world, { attributes: true, childList: true, subtree: true })
    Object.assign(globalThis, {
      touchedCards: () => [...seen].filter((node) => node instanceof Element && node.matches('.card')).length,
    })
    return seen.size
  })
  expect(touched).toBe(0)
  await ada.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  await ada.page.mouse.down()
  await ada.page.mouse.move(box.x + 80, box.y + 40, { steps: 20 })
  await ada.page.mouse.up()
  await expect.poll(() => place(ben, id)).not.toBe(start)
  await expect.poll(async () => (await place(ben, id)) === (await place(ada, id))).toBe(true)
  // the page wrote to the card in hand and to no other
  expect(await ada.page.evaluate('touchedCards()')).toBeLessThanOrEqual(2)
})
