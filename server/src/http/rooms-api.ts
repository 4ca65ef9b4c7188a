import { parseRoomName, parseRoomSegment, type RoomName } from '@roomful/shared'
import { Hono } from 'hono'
import type { LogBackend, RoomSummary } from '../log/room-log.ts'
import type { RoomRegistry } from '../room-registry.ts'
import { apiError } from './api-error.ts'
import { previousRoomName } from './previous-room-name.ts'

/** One room as REST shows it. */
export interface RoomView {
  readonly room: RoomName
  readonly generation: number
  /** `null` where no title was stored yet. */
  readonly title: string | null
  /** Stored bytes: snapshot and entries. */
  readonly bytes: number
  /** Entries behind the snapshot. */
  readonly entries: number
  /** Connections on this instance. */
  readonly members: number
  /** Different persons present, two tabs of one counted once. */
  readonly people: number
}

const PAGE = 100
const MAX_PAGE = 1_000

/** `GET /rooms?after=&limit=`, `GET /rooms/:room`, `DELETE /rooms/:room`. */
export function createRoomsApi(backend: LogBackend, registry: RoomRegistry): Hono {
  const api = new Hono()

  api.get('/', async (context) => {
    const after = context.req.query('after') || undefined
    const from = after === undefined ? undefined : parseRoomName(after)
    if (after !== undefined && from === undefined)
      return apiError(context, 400, 'bad-parameter', 'after: the room name the last page ended with.')
    const limit = Number(context.req.query('limit') || PAGE)
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE)
      return apiError(context, 400, 'bad-parameter', `limit: a whole number from 1 to ${MAX_PAGE}.`)

    const rooms: RoomView[] = []
    // one more than asked for tells whether there is another page
    for await (const summary of backend.rooms(from)) {
      if (rooms.push(view(summary.room, summary, registry)) > limit) break
    }
    const page = rooms.slice(0, limit)
    return context.json({ rooms: page, next: rooms.length > limit ? (page.at(-1)?.room ?? null) : null })
  })

  api.get('/:room', async (context) => {
    const room = parseRoomSegment(lastSegment(context.req.url))
    if (room === undefined) return badName(context)
    const summary = await findStored(backend, room)
    const shown = view(room, summary, registry)
    if (summary === undefined && shown.members === 0) return notFound(context)
    return context.json(shown)
  })

  api.delete('/:room', async (context) => {
    const room = parseRoomSegment(lastSegment(context.req.url))
    if (room === undefined) return badName(context)
    const isOpen = registry.peek(room) !== undefined
    if (!isOpen && (await findStored(backend, room)) === undefined) return notFound(context)
    await registry.delete(room)
    return context.body(null, 204)
  })

  return api
}

type ApiContext = Parameters<typeof apiError>[0]

function badName(context: ApiContext): Response {
  return apiError(context, 400, 'bad-room-name', 'A room name is 1-128 of A-Z a-z 0-9 . _ ~ -.')
}

function notFound(context: ApiContext): Response {
  return apiError(context, 404, 'not-found', 'There is no such room.')
}

/** hono decodes parameters in its own way; a room name is decoded exactly once, by its own rule. */
function lastSegment(url: string): string {
  return new URL(url).pathname.split('/').at(-1) ?? ''
}

async function findStored(backend: LogBackend, room: RoomName): Promise<RoomSummary | undefined> {
  for await (const summary of backend.rooms(previousRoomName(room))) {
    return summary.room === room ? summary : undefined
  }
  return undefined
}

function view(room: RoomName, summary: RoomSummary | undefined, registry: RoomRegistry): RoomView {
  const open = registry.peek(room)
  return {
    room,
    generation: open?.generation ?? summary?.generation ?? 0,
    title: summary?.title ?? null,
    bytes: summary?.bytes ?? 0,
    entries: summary?.entries ?? 0,
    members: open?.memberCount ?? 0,
    people: open?.people ?? 0,
  }
}
