import { X } from 'lucide-react'
import { Fragment, type ReactElement } from 'react'
import { Dialog } from '../ui/Dialog.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Keycaps } from './Keycaps.tsx'
import { hideKeysDialog } from './keys-dialog.ts'
import { shortcuts } from './page-shortcuts.ts'
import { shortcutSections } from './shortcut-list.ts'
import { SingleKeysSwitch } from './SingleKeysSwitch.tsx'

/** Everything keys do, and the switch that silences the ones of one character. */
export function ShortcutsDialog(): ReactElement {
  const close = (): void => hideKeysDialog('shortcuts')
  return (
    <Dialog label="Keyboard shortcuts" className="shortcuts-dialog" onClose={close}>
      <header className="dialog-head">
        <h2>Keyboard shortcuts</h2>
        <IconButton icon={X} label="Close" onClick={close} />
      </header>
      {/* long on small windows: the keyboard has to reach its end */}
      <div className="shortcut-scroll" tabIndex={0} role="group" aria-label="Shortcuts">
        <div className="shortcut-sections">
          {shortcutSections(shortcuts.all).map(({ title, lines }) => (
            <section key={title} aria-label={title}>
              <h3>{title}</h3>
              <dl>
                {lines.map(({ label, keys }) => (
                  <div key={label + keys.join()}>
                    <dt>{label}</dt>
                    <dd>
                      {keys.map((key, index) => (
                        <Fragment key={key}>
                          {index > 0 && <span className="or">or</span>}
                          <Keycaps keys={key} />
                        </Fragment>
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
      </div>
      <footer className="dialog-foot">
        <SingleKeysSwitch />
      </footer>
    </Dialog>
  )
}
