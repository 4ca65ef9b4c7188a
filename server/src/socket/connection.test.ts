import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { CLOSE, DEFAULT_LIMITS, LOBBY, type CloseCode, type Limits } from '@roomful/shared'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import type { WebSocket } from 'ws'
import { systemClock } from '../clock.ts'
import { silentLogger } from '../logger.ts'
import { MessageBatch, type Member } from '../member.ts'
import { createMetrics, IDLE_SOURCES, type Metrics } from '../metrics.ts'
import type { Room } from '../room.ts'
import { Connection, cutReason } from './connection.ts'
import { frameAll } from './framing.ts'

/** The little of ws that a connection uses, with what it was told. */
class FakeWs extends EventEmitter {
  readyState = 1
  isPaused = false
  readonly closes: [number, string][] = []
  pause(): void {
    this.isPaused = true
  }
  resume(): void {
    this.isPaused = false
  }
  close(code: number, reason: string): void {
    this.closes.push([code, reason])
    this.readyState = 2
  }
  terminate(): void {
    this.readyState = 3
    this.emit('close', 1006)
  }
  /** One binary frame from the other side. */
  receive(...bytes: number[]): void {
    this.emit('message', Buffer.from(bytes), true)
  }
}

/** The little of a socket that a connection uses. */
class FakeSocket extends EventEmitter {
  readonly written: Uint8Array[] = []
  writableLength = 0
  bytesRead = 0
  bytesWritten = 0
  cork(): void {}
  uncork(): void {}
  write(bytes: Uint8Array): boolean {
    this.written.push(bytes)
    this.writableLength += bytes.length
    return true
  }
}

/** A room that only keeps a diary. */
class DiaryRoom {
  readonly diary: string[] = []
  onReceive: (member: Member) => void = () => undefined
  join(member: Member): void {
    this.diary.push(`join ${member.connectionId} ${member.permission}`)
  }
  receive(member: Member, frame: Uint8Array): void {
    this.diary.push(`receive ${[...frame].join()}`)
    this.onReceive(member)
  }
  leave(): void {
    this.diary.push('leave')
  }
}

const microtask = (): Promise<void> => Promise.resolve()

describe('Connection', () => {
  let ws: FakeWs
  let socket: FakeSocket
  let room: DiaryRoom
  let metrics: Metrics

  beforeEach(() => {
    ws = new FakeWs()
    socket = new FakeSocket()
    room = new DiaryRoom()
    metrics = createMetrics(IDLE_SOURCES)
  })

  function connect(limits: Partial<Limits> = {}): Connection {
    const request = {
      room: LOBBY,
      extended: false,
      takesMoved: false,
      key: undefined,
      generation: undefined,
      token: undefined,
    }
    return new Connection(ws as unknown as WebSocket, socket as unknown as Socket, 1, request, {
      clock: systemClock,
      limits: { ...DEFAULT_LIMITS, ...limits },
      metrics,
      logger: silentLogger,
    })
  }

  const enter = (connection: Connection): void => {
    connection.permit({ access: 'write', user: undefined, expiresAt: undefined, issuedAt: undefined })
    connection.enter(room as unknown as Room)
  }
  const closed = async (code: CloseCode): Promise<string> =>
    (await metrics.registry.getSingleMetricAsString('roomful_closed_total'))
      .split('\n')
      .filter((line) => line.includes(`code="${code.code}"`))
      .join()

  test('[W8] what came before the room was open is handed over in order, after the join', () => {
    const connection = connect()
    ws.receive(1)
    ws.receive(2)
    expect(room.diary).toEqual([])
    enter(connection)
    ws.receive(3)
    expect(room.diary).toEqual(['join 1 write', 'receive 1', 'receive 2', 'receive 3'])
  })

  test('[W8] a queue that is full pauses the socket until the room is open', () => {
    const connection = connect({ openQueueFrames: 2 })
    ws.receive(1)
    expect(ws.isPaused).toBe(false)
    ws.receive(2)
    expect(ws.isPaused).toBe(true)
    enter(connection)
    expect(ws.isPaused).toBe(false)
    expect(room.diary.length).toBe(3)
  })

  test('[I6] bytes that are no whole frame yet count as well before the room is open, not after', () => {
    const connection = connect()
    for (let n = 0; n < 16; n++) socket.emit('data', new Uint8Array(65_536))
    expect(ws.isPaused).toBe(true)
    enter(connection)
    for (let n = 0; n < 100; n++) socket.emit('data', new Uint8Array(65_536))
    expect(ws.isPaused).toBe(false)
    expect(socket.listenerCount('data')).toBe(0)
  })

  test('[W9] a batch is framed once for all members and written in one piece', () => {
    const [first, second] = [connect(), connect()]
    const batch = new MessageBatch([Uint8Array.of(1, 1, 0), Uint8Array.of(3)])
    first.sendBatch(batch)
    second.sendBatch(batch)
    expect(socket.written.length).toBe(2)
    expect(socket.written[0]).toBe(socket.written[1])
    expect(socket.written[0]).toEqual(frameAll(batch.messages))
    expect(metrics.traffic.framesSent).toBe(4)
  })

  test('[I6] a large message is written without a copy, a small one in one piece', () => {
    const connection = connect()
    const answer = new Uint8Array(1_000_000)
    connection.send(answer)
    connection.send(Uint8Array.of(3))
    expect(socket.written[1]).toBe(answer)
    expect(socket.written.map((bytes) => bytes.length)).toEqual([10, 1_000_000, 3])
    expect(Buffer.concat(socket.written.slice(0, 2)).equals(frameAll([answer]))).toBe(true)
    expect(connection.bufferedBytes).toBe(1_000_013)
  })

  test('after a close nothing is sent, nothing received, and the room hears of it once, a turn later', async () => {
    const connection = connect()
    enter(connection)
    connection.close(CLOSE.malformed, 'malformed message')
    connection.close(CLOSE.overload, 'too late')
    expect(room.diary).toEqual(['join 1 write'])
    connection.send(Uint8Array.of(3))
    connection.sendBatch(new MessageBatch([Uint8Array.of(3)]))
    ws.receive(1)
    for (let n = 0; n < 20_000; n++) ws.emit('ping', Buffer.of(1))
    expect(ws.isPaused).toBe(false)
    await microtask()
    ws.terminate()
    expect(room.diary).toEqual(['join 1 write', 'leave'])
    expect(ws.closes).toEqual([[4400, 'malformed message']])
    expect(socket.written).toEqual([])
    expect(await closed(CLOSE.malformed)).toMatch(/ 1$/)
  })

  test('[W26] after a 1012 nothing is sent, but what arrives is taken until the socket is gone', async () => {
    const connection = connect({ updatesBurst: 1, updatesPerSecond: 1 })
    enter(connection)
    connection.close(CLOSE.restart, 'the server restarts')
    await microtask()
    ws.receive(7)
    ws.receive(8)
    connection.send(Uint8Array.of(3))
    expect(ws.isPaused).toBe(false)
    ws.terminate()
    expect(room.diary).toEqual(['join 1 write', 'receive 7', 'receive 8', 'leave'])
    expect(socket.written).toEqual([])
  })

  test('[I3] a room that throws costs this connection, not the process', async () => {
    const connection = connect()
    enter(connection)
    room.onReceive = () => {
      throw new Error('a fault of ours')
    }
    ws.receive(1)
    await microtask()
    expect(ws.closes).toEqual([[1011, 'internal error']])
    expect(room.diary.at(-1)).toBe('leave')
    expect(connection.isOpening).toBe(false)
  })

  test('a member that a frame of the queue closes gets none of the rest', () => {
    const connection = connect()
    ws.receive(1)
    ws.receive(2)
    room.onReceive = (member) => member.close(CLOSE.malformed, 'malformed')
    enter(connection)
    expect(room.diary).toEqual(['join 1 write', 'receive 1'])
  })

  test('a connection that ended while its room was opened is not joined', () => {
    const connection = connect()
    ws.terminate()
    enter(connection)
    expect(room.diary).toEqual([])
  })

  test('[W6] [W7] golden: a ping and the keepalive are one write', () => {
    const connection = connect()
    enter(connection)
    connection.beat()
    // opcode 9 with the ping's number, then the binary frame of the keepalive
    expect(socket.written.map((bytes) => Buffer.from(bytes).toString('hex'))).toEqual([
      '89' + '0131' + '8203010100',
    ])
    connection.beat()
    expect(socket.written).toHaveLength(1)
    ws.terminate()
  })

  test('[W22] a ping is answered by its pong; by itself when the socket is paused for its rate', async () => {
    const connection = connect({ updatesBurst: 1, updatesPerSecond: 1 })
    enter(connection)
    const answers: string[] = []
    connection.ping(() => answers.push('pong'))
    expect(answers).toEqual([])
    ws.emit('pong', Buffer.from('1'))
    expect(answers).toEqual(['pong'])
    ws.receive(1)
    ws.receive(2)
    expect(ws.isPaused).toBe(true)
    connection.ping(() => answers.push('paused'))
    await microtask()
    expect(answers).toEqual(['pong', 'paused'])
    ws.terminate()
  })
})

test('a reason of any length fits a close frame and stays whole characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      const cut = cutReason(text)
      expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(123)
      expect(text.startsWith(cut)).toBe(true)
      if (Buffer.byteLength(text) <= 123) expect(cut).toBe(text)
    }),
  )
})
