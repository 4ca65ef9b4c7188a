import { Cards, Chat, Identity, presenceOf, RoomfulProvider } from '@roomful/provider'
import { BOARD } from '@roomful/shared'
import * as Y from 'yjs'

const serverUrl = `${location.origin.replace('http', 'ws')}/ws`
const room = new URLSearchParams(location.search).get('room') ?? 'vanilla'
const provider = new RoomfulProvider(serverUrl, room, new Y.Doc(), { identity: new Identity() })
const presence = presenceOf(provider)
const chat = new Chat(provider)
const cards = new Cards(provider)

const element = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T
const plane = element('plane')
const log = element<HTMLOListElement>('log')
const composer = element<HTMLFormElement>('composer')

// who is here, and whether all is stored
const showPeople = (): void => {
  const names = [presence.self?.user.name, ...presence.others.map(({ user }) => user.name)]
  element('people').textContent = names.join(', ')
}
const showStatus = (): void => {
  element('status').textContent = provider.pending === 0 ? provider.connection : `${provider.pending} unsaved`
}
presence.subscribe(showPeople)
provider.on('connection', showStatus)
provider.on('pending', showStatus)
showPeople()
showStatus()

// cursors: 0..1 of the plane, so that they point at the same thing on every screen
const cursors = new Map<number, HTMLElement>()
plane.addEventListener('pointermove', (event) => {
  const box = plane.getBoundingClientRect()
  presence.setPointer({ x: (event.clientX - box.x) / box.width, y: (event.clientY - box.y) / box.height })
})
plane.addEventListener('pointerleave', () => presence.setPointer(null))
presence.onPointer((clientId, pointer) => {
  const user = presence.connections.find((connection) => connection.clientId === clientId)?.user
  if (pointer === null || user === undefined) {
    cursors.get(clientId)?.remove()
    cursors.delete(clientId)
    return
  }
  const cursor = cursors.get(clientId) ?? document.createElement('div')
  cursor.className = 'cursor'
  cursor.textContent = user.name
  cursor.style.background = user.color
  cursor.style.left = `${pointer.x * 100}%`
  cursor.style.top = `${pointer.y * 100}%`
  if (!cursors.has(clientId)) plane.append(cursor)
  cursors.set(clientId, cursor)
})

// words on the plane: cards of the room, so that the app at / shows them too
const showCards = (): void => {
  plane.querySelectorAll('.word').forEach((word) => word.remove())
  for (const { pos, text, color } of cards.ordered) {
    const word = document.createElement('div')
    word.className = `word ${color}`
    word.textContent = text.toString()
    word.style.left = `${(pos[0] / BOARD.width) * 100}%`
    word.style.top = `${(pos[1] / BOARD.height) * 100}%`
    plane.append(word)
  }
}
cards.subscribe(showCards)
showCards()
plane.addEventListener('dblclick', (event) => {
  const text = prompt('A word?')
  if (text === null || text.trim() === '') return
  const box = plane.getBoundingClientRect()
  const x = ((event.clientX - box.x) / box.width) * BOARD.width
  const y = ((event.clientY - box.y) / box.height) * BOARD.height
  cards.create({ x, y, text })
})

// chat
const showMessages = (): void => {
  log.replaceChildren(
    ...chat.messages.map(({ name, color, text }) => {
      const item = document.createElement('li')
      const author = document.createElement('b')
      author.textContent = name
      author.style.color = color
      item.append(author, ` ${text}`)
      return item
    }),
  )
  log.scrollTop = log.scrollHeight
}
chat.subscribe(showMessages)
showMessages()
composer.addEventListener('submit', (event) => {
  event.preventDefault()
  const text = new FormData(composer).get('text')
  if (typeof text === 'string' && chat.send(text) !== undefined) composer.reset()
})
