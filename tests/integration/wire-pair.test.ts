import { CLOSE } from '@roomful/shared'
import { describe, expect, test } from 'vitest'
import { MessageBatch, type Member } from '../../server/src/member.ts'
import { WirePair } from '../support/wire-pair.ts'

const frame = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes)

function createPair(accepts = true): { pair: WirePair; heard: string[]; member: Member } {
  const heard: string[] = []
  const client = {
    opened: () => void heard.push('client opened'),
    received: (bytes: Uint8Array) => void heard.push(`client ${bytes.join()}`),
    closed: (code: number) => void heard.push(`client closed ${code}`),
  }
  const server = {
    reading: true,
    accept: () => {
      heard.push('server accepts')
      return accepts
    },
    receive: (_member: Member, bytes: Uint8Array) => void heard.push(`server ${bytes.join()}`),
    leave: () => void heard.push('server leave'),
  }
  const pair = new WirePair(client, server, { connectionId: 1 })
  return { pair, heard, member: pair.member }
}

function createOpenPair(): ReturnType<typeof createPair> {
  const opened = createPair()
  opened.pair.deliverUp(1)
  opened.pair.deliverDown(1)
  opened.heard.length = 0
  return opened
}

describe('the wire pair', () => {
  test('delivers nothing before it is told to, then everything in order', () => {
    const { pair, heard, member } = createOpenPair()
    pair.clientSend(frame(1))
    pair.clientSend(frame(2))
    member.send(frame(3))
    member.sendBatch(new MessageBatch([frame(4), frame(5)]))
    expect(heard).toEqual([])
    expect(pair.deliverDown(2)).toBe(2)
    expect(pair.deliverUp(Infinity)).toBe(2)
    expect(pair.deliverDown(Infinity)).toBe(1)
    expect(heard).toEqual(['client 3', 'client 4', 'server 1', 'server 2', 'client 5'])
  })

  test('keeps what was sent when the sender changes its buffer afterwards', () => {
    const { pair, heard, member } = createOpenPair()
    const bytes = frame(7)
    member.send(bytes)
    bytes[0] = 8
    pair.deliverDown(1)
    expect(heard).toEqual(['client 7'])
  })

  test('tells a refused client that its connection ended, and the server nothing', () => {
    const { pair, heard } = createPair(false)
    pair.deliverUp(1)
    pair.deliverDown(Infinity)
    expect(heard).toEqual(['server accepts', 'client closed 1006'])
    expect(pair.isOver).toBe(true)
  })

  test('lets what a closing client sent arrive before the server hears of the end', () => {
    const { pair, heard, member } = createOpenPair()
    member.send(frame(1))
    pair.clientSend(frame(2))
    pair.clientClose()
    pair.clientSend(frame(3))
    pair.deliverUp(Infinity)
    pair.deliverDown(Infinity)
    expect(heard).toEqual(['server 2', 'server leave'])
    expect(pair.isOver).toBe(true)
  })

  test('gives the close code to the client behind the last frame, and then leaves', () => {
    const { pair, heard, member } = createOpenPair()
    member.send(frame(1))
    member.close(CLOSE.restart, 'bye')
    member.send(frame(2))
    pair.clientSend(frame(3))
    pair.deliverUp(Infinity)
    pair.deliverDown(Infinity)
    pair.deliverUp(Infinity)
    expect(heard).toEqual(['client 1', `client closed ${CLOSE.restart.code}`, 'server leave'])
  })

  test('loses both directions when it is severed, and tells each end on its own', () => {
    const { pair, heard, member } = createOpenPair()
    pair.clientSend(frame(1))
    pair.clientSend(frame(2))
    member.send(frame(3))
    pair.sever(1)
    member.send(frame(4))
    pair.deliverUp(Infinity)
    pair.deliverDown(Infinity)
    expect(heard).toEqual(['server 1'])
    pair.clientNotices()
    pair.serverNotices()
    expect(heard).toEqual(['server 1', 'client closed 1006', 'server leave'])
  })

  test('answers a ping only where the client still hears it', () => {
    const { pair, member } = createOpenPair()
    let pongs = 0
    const answered = (): void => {
      pongs++
    }
    member.ping(answered)
    pair.deliverDown(1)
    pair.deliverUp(1)
    expect(pongs).toBe(1)
    pair.sever()
    member.ping(answered)
    pair.deliverDown(Infinity)
    pair.deliverUp(Infinity)
    expect(pongs).toBe(1)
  })

  test('holds frames back from a slow reader, and shows the server how much waits', () => {
    const { pair, heard, member } = createOpenPair()
    pair.stalledBytes = 5
    member.send(frame(1))
    expect(member.bufferedBytes).toBe(5)
    expect(pair.deliverDown(Infinity)).toBe(0)
    pair.stalledBytes = 0
    pair.deliverDown(Infinity)
    expect(heard).toEqual(['client 1'])
  })
})
