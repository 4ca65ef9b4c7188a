import '@fontsource-variable/inter/wght.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { takeTokenFromAddress } from './door/room-token.ts'
import { registerWorker } from './offline/register-worker.ts'
import { followTheme } from './shell/theme.ts'
import { loadParts, whenIdle } from './ui/lazy-part.ts'
import './styles/tokens.css'
import './styles/base.css'
import './styles/controls.css'
import './styles/layout.css'

// first of all: what reads the address later must not find it there
takeTokenFromAddress()
addEventListener('hashchange', takeTokenFromAddress)
followTheme()
const root = document.getElementById('root')
if (root === null) throw new Error('index.html lost its #root')
// nothing around the room is a <Suspense>: the skeleton of index.html stays until the room can be drawn
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)

whenIdle(() => {
  void loadParts().then(registerWorker)
})
