import { launchChromium } from './support/chromium.ts'
import { enterRoom } from './support/room-page.ts'
import { startServerProcess } from './support/test-server.ts'

const server = await startServerProcess({ built: true })
const browser = await launchChromium()
const size = { viewport: { width: 1280, height: 760 }, deviceScaleFactor: 2, locale: 'en-GB', timezoneId: 'Europe/Berlin' }
const fox = await enterRoom(browser, server.url, 'design-review', size)
await fox.setProfile({ name: 'Quiet Fox', color: 'Blue' })
const cards: [string, string, number, number][] = [
  ['Onboarding is too long\nSeven screens before the first room. What if the room is the first screen?', 'Sand', 90, 150],
  ['Name the moment\nPeople say “oh, you are here too”. That is the product.', 'Sky', 470, 120],
  ['Offline first\nEdit on the train, merge at the station.', 'Mint', 500, 380],
  ['Cursor fatigue?\nFade after 3 s, hide after 60.', 'Rose', 140, 440],
]
await fox.page.getByRole('toolbar', { name: 'Zoom' }).getByRole('button', { name: 'Zoom in' }).waitFor()
const otter = await enterRoom(browser, server.url, 'design-review', size)
await otter.setProfile({ name: 'Swift Otter', color: 'Violet' })
// one card first, so that the first view is close, then the others around it
for (const [text, color, x, y] of cards) {
  const id = await fox.createCard(text, { x, y })
  await fox.page.waitForTimeout(400)
  await fox.card(id).click()
  await fox.page.getByRole('toolbar', { name: 'Card' }).getByRole('button', { name: color }).click()
  await fox.page.keyboard.press('Escape')
  await fox.page.keyboard.press('Escape')
}
const say = async (who: typeof fox, text: string) => {
  await who.message.fill(text)
  await who.message.press('Enter')
  await who.page.waitForTimeout(300)
}
await say(fox, 'Morning! I moved the onboarding cards to the left.')
await say(fox, 'Shout if that breaks your flow.')
await say(otter, 'All good. I was on the train, my edits just merged.')
await say(fox, 'Perfect, nothing lost. Shall we decide on cursor chat?')
await fox.card((await fox.cards.nth(1).getAttribute('data-card-id')) ?? '').click()
const otter2 = await enterRoom(browser, server.url, 'design-review', size)
await otter2.setProfile({ name: 'Calm Heron', color: 'Rose' })
await otter2.board.hover({ position: { x: 420, y: 560 } })
await fox.board.hover({ position: { x: 400, y: 290 } })
await otter.page.reload(); await otter.settled()
await otter2.message.pressSequentially('I think', { delay: 30 })
await otter2.board.hover({ position: { x: 430, y: 540 } })
await otter.page.waitForTimeout(700)
await otter2.message.pressSequentially(' so', { delay: 30 })
await otter2.board.hover({ position: { x: 470, y: 520 } })
await fox.board.hover({ position: { x: 420, y: 300 } })
await otter.page.waitForTimeout(900)
await otter.page.screenshot({ path: process.argv[2] ?? '/tmp/room.png' })
await browser.close()
await server.kill('SIGTERM')
