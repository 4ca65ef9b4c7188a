import '@fontsource-variable/inter/wght.css'
import { Identity } from '@roomful/provider'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { IdentityContext } from './people/identity.ts'
import { registerWorker } from './offline/register-worker.ts'
import { followTheme } from './shell/theme.ts'
import { loadParts, whenIdle } from './ui/lazy-part.ts'
import './styles/tokens.css'
import './styles/base.css'
import './styles/controls.css'
import './styles/layout.css'
import './styles/status.css'
import './styles/people.css'
import './styles/board.css'
import './styles/card.css'
import './styles/panel.css'

followTheme()
const identity = new Identity()
const root = document.getElementById('root')
if (root === null) throw new Error('index.html lost its #root')
createRoot(root).render(
  <StrictMode>
    <IdentityContext value={identity}>
      <App />
    </IdentityContext>
  </StrictMode>,
)

whenIdle(() => {
  void loadParts().then(registerWorker)
})
