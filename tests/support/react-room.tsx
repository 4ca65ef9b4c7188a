import { openRoom, RoomProvider, type Room, type RoomOptions } from '@roomful/react'
import { createUser } from '@roomful/shared'
import { act, type ReactElement, StrictMode } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import type { Awareness } from 'y-protocols/awareness'

/** Somebody to be in a room with. */
export const fox = createUser('fox', 'Quiet Fox', '#1c75d6')

/** Opens a room with a person in it that never touches the network. */
export function openOffline(options: RoomOptions): Room {
  return openRoom({
    ...options,
    options: {
      connect: false,
      persist: false,
      disableBc: true,
      user: createUser('me', 'Swift Otter', '#7264d7'),
    },
  })
}

/** Another connection says something in awareness, or with `null` is gone, as a provider would apply it. */
export function say(awareness: Awareness, clientId: number, state: Record<string, unknown> | null): void {
  const known = awareness.states.has(clientId)
  const clock = (awareness.meta.get(clientId)?.clock ?? 0) + 1
  awareness.meta.set(clientId, { clock, lastUpdated: Date.now() })
  if (state === null) awareness.states.delete(clientId)
  else awareness.states.set(clientId, state)
  const change = {
    added: state !== null && !known ? [clientId] : [],
    updated: state !== null && known ? [clientId] : [],
    removed: state === null ? [clientId] : [],
  }
  awareness.emit('change', [change, 'test'])
}

/** Components in a room of their own, under StrictMode, in jsdom. */
export class ReactRoom {
  readonly host: HTMLElement = document.createElement('div')
  readonly rooms: Room[] = []
  readonly #root: Root

  constructor() {
    Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })
    document.body.append(this.host)
    this.#root = createRoot(this.host)
  }

  /** The room opened last. */
  get room(): Room {
    const room = this.rooms.at(-1)
    if (room === undefined) throw new Error('no room was opened')
    return room
  }

  get text(): string {
    return this.host.textContent ?? ''
  }

  render(ui: ReactElement | null): void {
    act(() => this.#root.render(ui))
  }

  /** Renders `ui` in the room `name`. */
  show(ui: ReactElement, name = 'lobby'): void {
    const open = (options: RoomOptions): Room => {
      const room = openOffline(options)
      this.rooms.push(room)
      return room
    }
    this.render(
      <StrictMode>
        <RoomProvider serverUrl="ws://127.0.0.1:9/ws" room={name} open={open}>
          {ui}
        </RoomProvider>
      </StrictMode>,
    )
  }

  /** Somebody else says something in the room. */
  say(clientId: number, state: Record<string, unknown> | null): void {
    act(() => say(this.room.provider.awareness, clientId, state))
  }

  destroy(): void {
    act(() => this.#root.unmount())
    for (const room of this.rooms) room.close()
    this.host.remove()
  }
}
