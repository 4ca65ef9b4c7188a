import { useRoom, useSyncStatus } from '@roomful/react'
import { type ReactElement, useState } from 'react'
import { forgetEverything } from '../offline/forget-everything.ts'
import { unsynced } from './status-view.ts'
import { focusWhenShown } from '../ui/focus-when-shown.ts'

/** Deletes everything this device keeps, after a question that says what would be lost. */
export function ForgetDevice(): ReactElement {
  const { provider } = useRoom()
  const { pending } = useSyncStatus()
  const [step, setStep] = useState<'offer' | 'ask' | 'forgetting' | 'offer-again'>('offer')
  if (step === 'offer' || step === 'offer-again') {
    return (
      <div className="switcher-foot">
        <button
          type="button"
          className="text-button"
          // the button that had the focus is gone
          ref={step === 'offer-again' ? focusWhenShown : undefined}
          onClick={() => setStep('ask')}
        >
          Forget this device…
        </button>
      </div>
    )
  }
  const forget = async (): Promise<void> => {
    setStep('forgetting')
    // a room that is open would write on
    provider.destroy()
    await forgetEverything()
    location.assign('/')
  }
  return (
    <div className="switcher-foot" role="group" aria-labelledby="forget-title" aria-describedby="forget-text">
      <h2 id="forget-title">Forget this device?</h2>
      <p id="forget-text">
        Your name, settings and the copies of rooms kept here are deleted. The rooms themselves stay.
        {pending !== 'unknown' && pending > 0 && <strong> {unsynced(pending)} would be lost.</strong>}
      </p>
      <div className="actions">
        <button
          type="button"
          className="button danger"
          disabled={step === 'forgetting'}
          onClick={() => void forget()}
        >
          Forget everything
        </button>
        <button
          type="button"
          className="button quiet"
          ref={focusWhenShown}
          disabled={step === 'forgetting'}
          onClick={() => setStep('offer-again')}
        >
          Keep it
        </button>
      </div>
    </div>
  )
}
