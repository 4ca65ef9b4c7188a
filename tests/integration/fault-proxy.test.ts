import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { FaultProxy } from '../support/fault-proxy.ts'
import { waitFor } from '../support/wait.ts'

/** One end of a connection, with what it saw. */
interface End {
  readonly socket: Socket
  text: string
  error: string | undefined
  isClosed: boolean
}

const MEBIBYTE = 1024 * 1024

let server: Server
let proxy: FaultProxy
let atServer: End[]
let ends: End[]

function watch(socket: Socket): End {
  const end: End = { socket, text: '', error: undefined, isClosed: false }
  socket.on('data', (chunk: Buffer) => (end.text += chunk.toString('latin1')))
  socket.on('error', (error: NodeJS.ErrnoException) => (end.error = error.code))
  socket.on('close', () => (end.isClosed = true))
  ends.push(end)
  return end
}

/** A client through the proxy and its other end at the server. */
async function join(): Promise<{ client: End; remote: End }> {
  const known = atServer.length
  const client = watch(connect(proxy.port, '127.0.0.1'))
  await waitFor('the connection at the server', () => atServer.length > known)
  const remote = atServer[known]
  if (remote === undefined) throw new Error('no connection arrived')
  return { client, remote }
}

beforeEach(async () => {
  atServer = []
  ends = []
  server = createServer((socket) => atServer.push(watch(socket)))
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  proxy = await FaultProxy.start((server.address() as AddressInfo).port)
})

afterEach(async () => {
  vi.useRealTimers()
  for (const { socket } of ends) socket.destroy()
  await proxy.close()
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
})

test('without a fault bytes and an orderly end pass both ways', async () => {
  const { client, remote } = await join()
  client.socket.write('ping')
  await waitFor('ping', () => remote.text === 'ping')
  remote.socket.end('pong')
  await waitFor('the end', () => client.isClosed && remote.isClosed)
  expect([client.text, client.error, remote.error]).toEqual(['pong', undefined, undefined])
  await waitFor('no connection left', () => proxy.openCount === 0)
})

test('cut ends every open connection at both ends, and the next one works', async () => {
  const first = await join()
  const second = await join()
  proxy.cut()
  await waitFor('four closed ends', () => ends.length === 4 && ends.every((end) => end.isClosed))
  expect([first.client.error, second.remote.error]).toEqual([undefined, undefined])
  const { client, remote } = await join()
  client.socket.write('again')
  await waitFor('again', () => remote.text === 'again')
  expect(proxy.acceptedCount).toBe(3)
})

test('reset reaches both ends as a connection reset', async () => {
  const { client, remote } = await join()
  proxy.reset()
  await waitFor('both ends closed', () => client.isClosed && remote.isClosed)
  expect([client.error, remote.error]).toEqual(['ECONNRESET', 'ECONNRESET'])
})

test('while refusing, newcomers are reset and those inside go on', async () => {
  const { client, remote } = await join()
  proxy.refuse(true)
  const late = watch(connect(proxy.port, '127.0.0.1'))
  await waitFor('the refusal', () => late.isClosed)
  client.socket.write('still here')
  await waitFor('still here', () => remote.text === 'still here')
  proxy.heal()
  await join()
  expect(atServer).toHaveLength(2)
})

test('a delay holds bytes back for its time and keeps their order when it ends', async () => {
  const { client, remote } = await join()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  proxy.delay(1_000)
  client.socket.write('first ')
  await waitFor('the held bytes', () => proxy.heldBytes === 6)
  vi.advanceTimersByTime(400)
  proxy.delay(0)
  client.socket.write('second')
  await waitFor('the bytes behind', () => proxy.heldBytes === 12)
  vi.advanceTimersByTime(599)
  expect(remote.text).toBe('')
  vi.advanceTimersByTime(1)
  await waitFor('all of it', () => remote.text === 'first second')
})

test('a delayed end comes after the bytes before it', async () => {
  const { client, remote } = await join()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  proxy.delay(1_000)
  client.socket.end('last words')
  await waitFor('the held bytes', () => proxy.heldBytes === 10)
  vi.advanceTimersByTime(1_000)
  await waitFor('the end', () => remote.isClosed)
  expect(remote.text).toBe('last words')
})

test('a stalled direction fills the buffer of its sender, loses nothing and leaves the other alone', async () => {
  const { client, remote } = await join()
  proxy.stall('toClient', true)
  remote.socket.write('x'.repeat(32 * MEBIBYTE))
  client.socket.write('up')
  await waitFor('the other direction', () => remote.text === 'up')
  expect(remote.socket.writableLength).toBeGreaterThan(MEBIBYTE)
  const before = client.text.length
  expect(before).toBeLessThan(MEBIBYTE)
  proxy.heal()
  await waitFor('everything', () => client.text.length === 32 * MEBIBYTE)
})

test('a stall and a delay hold for connections made later', async () => {
  proxy.stall('toServer', true)
  const { client, remote } = await join()
  client.socket.write('hidden')
  remote.socket.write('seen')
  await waitFor('seen', () => client.text === 'seen')
  expect(remote.text).toBe('')
  proxy.stall('toServer', false)
  await waitFor('hidden', () => remote.text === 'hidden')
})

test('half-open: neither bytes nor the end of one side reach the other, newcomers are served', async () => {
  const { client, remote } = await join()
  proxy.halfOpen()
  client.socket.end('into the void')
  remote.socket.write('into the void')
  const second = await join()
  second.client.socket.write('hello')
  await waitFor('hello', () => second.remote.text === 'hello')
  client.socket.destroy()
  await waitFor('the client to be gone', () => client.isClosed)
  second.remote.socket.write('hello back')
  await waitFor('hello back', () => second.client.text === 'hello back')
  expect([client.text, remote.text, remote.isClosed]).toEqual(['', '', false])
  proxy.cut()
  await waitFor('the other side', () => remote.isClosed)
})

test('a server that is away ends the client, and a restarted one is found by retarget', async () => {
  const moved = createServer((socket) => atServer.push(watch(socket)))
  await new Promise<void>((resolve) => {
    moved.listen(0, '127.0.0.1', resolve)
  })
  const movedPort = (moved.address() as AddressInfo).port
  const away = await FaultProxy.start(movedPort)
  await new Promise<void>((resolve) => {
    moved.close(() => resolve())
  })
  const lost = watch(connect(away.port, '127.0.0.1'))
  await waitFor('the end', () => lost.isClosed)
  away.retarget((server.address() as AddressInfo).port)
  const found = watch(connect(away.port, '127.0.0.1'))
  found.socket.write('found')
  await waitFor('found', () => atServer.at(-1)?.text === 'found')
  await away.close()
  await away.close()
  await waitFor('the end of all', () => found.isClosed)
})

test('truncate: the first half of what comes next arrives, then the end; the next connection works', async () => {
  const { client, remote } = await join()
  proxy.truncate('toClient')
  client.socket.write('question')
  await waitFor('the question', () => remote.text === 'question')
  remote.socket.write('answered')
  await waitFor('both ends', () => client.isClosed && remote.isClosed)
  expect(client.text).toBe('answ')
  const next = await join()
  next.remote.socket.write('whole')
  await waitFor('a whole one', () => next.client.text === 'whole')
})
