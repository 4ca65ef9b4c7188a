import { cp, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bytesOf, collect, LogProbe, META, roomNamed, textOf } from './contract-probe.ts'
import { createEmbeddedLog } from './embedded-log.ts'
import { LogError } from './log-error.ts'

const ROOM = roomNamed('torn')
const APPENDS = 60
/** Each cut opens a LevelDB of its own: about 10 ms. */
const EVERY_BYTE_OF_THE_LAST = 90
const CUTS_ELSEWHERE = 40

/** What was acknowledged when the write-ahead log had grown to `bytes`. */
interface Acknowledged {
  readonly text: string
  readonly bytes: number
}

let dir = ''
let acknowledged: Acknowledged[] = []
let walName = ''

/** Appends one by one: each acknowledgement stands for a sync that was completed at that size of the file. */
async function writeOriginal(updateBytes: number): Promise<void> {
  const original = join(dir, 'original')
  const log = await createEmbeddedLog({ dir: original })
  const room = await log.open(ROOM, new LogProbe())
  walName =
    (await readdir(original))
      .filter((name) => name.endsWith('.log'))
      .toSorted()
      .at(-1) ?? ''
  acknowledged = []
  for (let index = 0; index < APPENDS; index += 1) {
    const text = `entry ${index} `.padEnd(updateBytes, String(index))
    await room.append(bytesOf(text), META)
    acknowledged.push({ text, bytes: (await stat(join(original, walName))).size })
  }
  await log.close()
}

async function copyWithTail(change: (path: string) => Promise<void>): Promise<string> {
  const copy = join(dir, 'copy')
  await rm(copy, { recursive: true, force: true })
  await cp(join(dir, 'original'), copy, { recursive: true })
  await change(join(copy, walName))
  return copy
}

/** A prefix of the appends, in order and unaltered; the listing agrees; the next append goes behind it. */
async function expectPrefix(copy: string, atLeast: number): Promise<void> {
  const texts = acknowledged.map((entry) => entry.text)
  const log = await createEmbeddedLog({ dir: copy })
  try {
    const room = await log.open(ROOM, new LogProbe())
    const found = (await collect(room.read(''))).map((entry) => textOf(entry.update))
    expect(found).toEqual(texts.slice(0, found.length))
    expect(found.length).toBeGreaterThanOrEqual(atLeast)
    const [summary] = await collect(log.rooms())
    expect(summary?.entries ?? 0).toBe(found.length)
    expect(summary?.bytes ?? 0).toBe(found.join('').length)
    await room.append(bytesOf('next'), META)
    const after = await collect(room.read(''))
    expect(textOf(after.at(-1)?.update ?? new Uint8Array(0))).toBe('next')
    expect(after).toHaveLength(found.length + 1)
  } finally {
    await log.close()
  }
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'roomful-torn-'))
})
afterEach(async () => {
  await rm(dir, { recursive: true, force: true })
})

describe('[I1] embedded log with a torn tail', () => {
  test(
    'cut by any number of bytes a prefix is left, with everything synced before the cut',
    { timeout: 60_000 },
    async () => {
      await writeOriginal(30)
      const size = acknowledged.at(-1)?.bytes ?? 0
      const cuts = new Set<number>()
      for (let cut = 0; cut <= EVERY_BYTE_OF_THE_LAST; cut += 1) cuts.add(cut)
      for (let index = 1; index <= CUTS_ELSEWHERE; index += 1)
        cuts.add(Math.floor((size * index) / CUTS_ELSEWHERE))
      for (const cut of cuts) {
        const left = size - cut
        const copy = await copyWithTail((path) => truncate(path, left))
        await expectPrefix(copy, acknowledged.filter((entry) => entry.bytes <= left).length)
      }
    },
  )

  test(
    'a tail of zeroes or rubbish, as a power cut leaves it, costs what it covers and alters nothing',
    { timeout: 60_000 },
    async () => {
      await writeOriginal(30)
      const size = acknowledged.at(-1)?.bytes ?? 0
      for (const byte of [0x00, 0xff, 0x5a]) {
        for (const covered of [1, 5, 17, 40, 77, 150, 900]) {
          const copy = await copyWithTail(async (path) => {
            const bytes = await readFile(path)
            bytes.fill(byte, size - covered)
            // and more behind it: file systems grow a file before its bytes arrive
            await writeFile(path, Buffer.concat([bytes, Buffer.alloc(covered * 3, byte)]))
          })
          await expectPrefix(copy, acknowledged.filter((entry) => entry.bytes <= size - covered).length)
        }
      }
    },
  )

  test(
    'damage in the middle of a long log is an error that names the room, or costs the rest, never an altered entry',
    { timeout: 60_000 },
    async () => {
      await writeOriginal(3_000)
      const size = acknowledged.at(-1)?.bytes ?? 0
      const texts = acknowledged.map((entry) => entry.text)
      let errors = 0
      for (let index = 1; index < 20; index += 1) {
        const copy = await copyWithTail(async (path) => {
          const bytes = await readFile(path)
          const place = Math.floor((size * index) / 20)
          bytes[place] = (bytes[place] ?? 0) ^ 0x10
          await writeFile(path, bytes)
        })
        const log = await createEmbeddedLog({ dir: copy })
        const room = await log.open(ROOM, new LogProbe())
        const found: string[] = []
        try {
          for await (const entry of room.read('')) found.push(textOf(entry.update))
        } catch (error) {
          expect(error).toBeInstanceOf(LogError)
          expect(error).toMatchObject({ code: 'corrupt', message: expect.stringContaining('room torn') })
          errors += 1
        }
        expect(found).toEqual(texts.slice(0, found.length))
        await log.close()
      }
      expect(errors).toBeGreaterThan(0)
    },
  )
})
