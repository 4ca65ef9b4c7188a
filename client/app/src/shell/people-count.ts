import type { RoomName } from '@roomful/shared'
import { useEffect, useState } from 'react'
import { tokenFor } from '../door/room-token.ts'
import { serverUrl } from './server-url.ts'

/** While a list of rooms is looked at, its counts are asked for again so often. */
const REFRESH_MS = 10_000

/** How many people are in each room, as far as the server says; rooms one may not enter have no count. */
export type PeopleCounts = ReadonlyMap<RoomName, number>

/**
 * Asks the server how many people are in some rooms, now and while this is shown. Without a server there are no counts.
 *
 * @param rooms the same array as long as the rooms are the same.
 * @example usePeopleCounts(rooms).get(room)
 */
export function usePeopleCounts(rooms: readonly RoomName[]): PeopleCounts {
  const [counts, setCounts] = useState<PeopleCounts>(new Map())
  useEffect(() => {
    const stop = new AbortController()
    const ask = async (): Promise<void> => {
      const answers = await Promise.all(rooms.map((room) => countPeople(room, stop.signal)))
      if (stop.signal.aborted) return
      setCounts(new Map(rooms.flatMap((room, i) => toEntry(room, answers[i]))))
    }
    void ask()
    const timer = setInterval(() => void ask(), REFRESH_MS)
    return () => {
      clearInterval(timer)
      stop.abort()
    }
  }, [rooms])
  return counts
}

function toEntry(room: RoomName, count: number | undefined): [RoomName, number][] {
  return count === undefined ? [] : [[room, count]]
}

async function countPeople(room: RoomName, signal: AbortSignal): Promise<number | undefined> {
  try {
    const token = tokenFor(room)
    const query = token === '' ? '' : `?token=${encodeURIComponent(token)}`
    const response = await fetch(`${onlineUrl(room)}${query}`, { signal })
    if (!response.ok) return undefined
    const answer: unknown = await response.json()
    return typeof answer === 'object' && answer !== null && 'online' in answer && isCount(answer.online)
      ? answer.online
      : undefined
  } catch {
    // TypeError: no server; AbortError: nobody looks any more; SyntaxError: not our server
    return undefined
  }
}

/** The REST address beside the sockets: `wss://host/ws` and `https://host/api/v1` belong together. */
export function onlineUrl(room: RoomName, sockets: string = serverUrl()): string {
  const base = sockets.replace(/^ws/, 'http').replace(/\/ws$/, '')
  return `${base}/api/v1/rooms/${room}/online`
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0
}
