import '@fontsource-variable/inter/wght.css'
import { options } from 'preact'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { takeTokenFromAddress } from './door/room-token.ts'
import { registerWorker } from './offline/register-worker.ts'
import { followTheme } from './shell/theme.ts'
import { firstPart, loadParts, whenIdle } from './ui/lazy-part.tsx'
import './styles/tokens.css'
import './styles/base.css'
import './styles/controls.css'
import './styles/layout.css'

// first of all: what reads the address later must not find it there
takeTokenFromAddress()
addEventListener('hashchange', takeTokenFromAddress)
followTheme()
// as React does behind a click or a key: the focus has moved before the next key comes (decision 0084)
options.requestAnimationFrame = (run) => queueMicrotask(run)
const root = document.getElementById('root')
if (root === null) throw new Error('index.html lost its #root')
// the skeleton of index.html stays until the room can be drawn
void firstPart(async () => (await import('./shell/RoomEntry.tsx')).RoomEntry).then((RoomEntry) => {
  root.replaceChildren()
  createRoot(root).render(
    <StrictMode>
      <App RoomEntry={RoomEntry} />
    </StrictMode>,
  )
})

whenIdle(() => {
  void loadParts().then(registerWorker)
})
