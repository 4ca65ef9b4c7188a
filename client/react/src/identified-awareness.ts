import { IDENTITY_COLORS, parsePresence, type PresenceUser } from '@roomful/shared'
import type { Awareness } from 'y-protocols/awareness'

type States = ReturnType<Awareness['getStates']>
type State = NonNullable<ReturnType<States['get']>>

/**
 * An awareness in which everybody with a name is a person. Apps on stock providers write `user: {name, color}`: here each
 * such connection gets an id of its own, and a colour where theirs is none.
 */
export function withIds(awareness: Awareness): Awareness {
  // everything but the reading of states is the awareness' own
  const view: Awareness = Object.create(awareness)
  view.getStates = () =>
    new Map([...awareness.getStates()].map(([clientId, state]) => [clientId, identify(state, clientId)]))
  view.getLocalState = () => {
    const state = awareness.getLocalState()
    return state === null ? null : identify(state, awareness.clientID)
  }
  return view
}

/**
 * Whose state it is; `undefined` where it is nobody's.
 *
 * @example stateUser({ user: { name: 'Ada' } }, 7)?.id // 'client-7'
 */
export function stateUser(state: State, clientId: number): PresenceUser | undefined {
  return parsePresence(identify(state, clientId))?.user
}

// a state is read many times, and parsed once
const identified = new WeakMap<State, State>()

function identify(state: State, clientId: number): State {
  let known = identified.get(state)
  if (known === undefined) {
    known = withId(state, clientId)
    identified.set(state, known)
  }
  return known
}

function withId(state: State, clientId: number): State {
  const { user: given } = state
  if (typeof given !== 'object' || given === null || parsePresence(state) !== undefined) return state
  const user = { ...given, id: given.id || `client-${clientId}` }
  if (parsePresence({ user }) !== undefined) return { ...state, user }
  // colours may be anything CSS knows; ours are hexadecimal
  return { ...state, user: { ...user, color: IDENTITY_COLORS[clientId % IDENTITY_COLORS.length] } }
}
