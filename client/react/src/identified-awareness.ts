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
  view.getStates = () => {
    const states = awareness.getStates()
    const foreign = [...states].filter(([, state]) => needsId(state))
    if (foreign.length === 0) return states
    const all = new Map(states)
    for (const [clientId, state] of foreign) all.set(clientId, identify(state, clientId))
    return all
  }
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

const identified = new WeakMap<State, State>()

function identify(state: State, clientId: number): State {
  if (!needsId(state)) return state
  let known = identified.get(state)
  if (known === undefined) {
    const color = IDENTITY_COLORS[clientId % IDENTITY_COLORS.length]
    const user = { ...state['user'], id: state['user'].id || `client-${clientId}` }
    // colours may be anything CSS knows; ours are hexadecimal
    known = { ...state, user: parsePresence({ user }) === undefined ? { ...user, color } : user }
    identified.set(state, known)
  }
  return known
}

function needsId(state: State): boolean {
  const { user } = state
  return typeof user === 'object' && user !== null && parsePresence({ user }) === undefined
}
