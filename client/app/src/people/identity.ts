import { Identity } from '@roomful/provider'
import { createContext, useContext } from 'react'

export const IdentityContext = createContext<Identity | undefined>(undefined)

/** Who this tab is: renames and recolours go through it, so that a reload keeps them. */
export function useIdentity(): Identity {
  const identity = useContext(IdentityContext)
  if (identity === undefined) throw new Error('useIdentity needs an <IdentityContext> around it')
  return identity
}
