import * as Y from 'yjs'
import { Random } from '../random.ts'
import { checkClaims, checkDurable, checkPresence, checkSame, loadFresh } from './invariants.ts'
import { Violation, type World } from './world.ts'

/** Longer than y-protocols takes to renew a state and to forget a dead one. */
const PRESENCE_SETTLES_MS = 36_000
/** So long nobody may be seen leaving, and hardly anything may be sent. */
const IDLE_MS = 16_000
/** Frames a second all tabs together may send while nobody does anything: renewals, each sent back by everybody. */
const IDLE_FRAMES_PER_SECOND = 20
const STEP_MS = 1_000
/** Everybody is connected long before; the longest backoff is 2.5 s. */
const SYNC_STEPS = 20

/**
 * The end of a history: all faults are healed, everybody is online and reconnects, everything is delivered. Then all
 * copies must hold the same: tabs, the room, what storage gives back, a newcomer; and presence must be reality.
 */
export async function checkQuiescence(world: World): Promise<void> {
  await heal(world)
  checkOwnArrived(world)
  await reconnect(world)
  checkDocuments(world)
  if (world.checksPresence) await checkIdle(world)
  checkDocuments(world)
  checkDurable(world)
  await checkReopened(world)
}

async function heal(world: World): Promise<void> {
  world.log.stalled = false
  for (const instance of world.instances) instance.start()
  for (const pair of world.pairs) {
    pair.stalledBytes = 0
    if (!pair.isSevered) continue
    pair.serverNotices()
    pair.clientNotices()
  }
  for (const tab of world.tabs) {
    tab.goOnline()
    tab.connect()
  }
  await settle(world)
}

/** What a connected tab wrote itself is in the room without another reconnect: what was missing below it was asked for. */
function checkOwnArrived(world: World): void {
  for (const tab of world.tabs) {
    const claims = world.instanceOf(tab)?.room?.claims?.()
    if (claims === undefined) continue
    const vector = Y.decodeStateVector(claims.stateVector)
    const own = Y.getState(tab.doc.store, tab.clientID)
    const held = vector.get(tab.clientID) ?? 0
    if (held < own)
      throw new Violation(`${tab.label} wrote ${own} units and is connected, the room holds ${held} of them`)
  }
}

/** A stock client forwards what another tab told it only when it is asked anew: at a reconnect. */
async function reconnect(world: World): Promise<void> {
  for (const tab of world.tabs) tab.dropConnection()
  await settle(world)
}

async function settle(world: World): Promise<void> {
  for (let step = 0; step < SYNC_STEPS; step++) {
    await world.flush()
    if (step > 2 && world.tabs.every((tab) => tab.isSynced && !tab.awaitsAcknowledgement)) return
    await world.pass(STEP_MS)
  }
  await world.flush()
  const waiting = world.tabs.filter((tab) => !tab.isSynced || tab.awaitsAcknowledgement)
  if (waiting.length > 0) {
    const [first] = waiting
    throw new Violation(
      `${waiting.map((tab) => tab.label).join()} never got ${first?.isSynced === true ? 'an acknowledgement' : 'in sync'}`,
    )
  }
}

function checkDocuments(world: World): void {
  let isCompared = false
  for (const { room } of world.instances) {
    if (room !== undefined) checkClaims(room)
    const claims = room?.claims?.()
    if (claims === undefined) continue
    isCompared = true
    const doc = loadFresh([claims.document], "the room's bytes")
    for (const tab of world.tabs) checkSame(doc, 'the room', tab.doc, tab.label)
  }
  const [first] = world.tabs
  if (isCompared || first === undefined) return
  for (const tab of world.tabs) checkSame(first.doc, first.label, tab.doc, tab.label)
}

async function checkIdle(world: World): Promise<void> {
  await idle(world, PRESENCE_SETTLES_MS)
  checkPresence(world)
  for (const tab of world.tabs) tab.seenLeaving.length = 0
  const before = world.tabs.reduce((sum, tab) => sum + tab.sentFrames, 0)
  await idle(world, IDLE_MS)
  checkPresence(world)
  for (const tab of world.tabs) {
    if (tab.seenLeaving.length > 0)
      throw new Violation(`${tab.label} saw ${tab.seenLeaving.join()} leave and come [I4]`)
  }
  const sent = world.tabs.reduce((sum, tab) => sum + tab.sentFrames, 0) - before
  const allowed = (IDLE_FRAMES_PER_SECOND * IDLE_MS) / 1_000
  if (sent > allowed)
    throw new Violation(`storm: ${sent} frames in ${IDLE_MS} ms, while nobody did anything [I4]`)
}

async function idle(world: World, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += STEP_MS) {
    await world.pass(STEP_MS)
    await world.flush()
  }
}

/** The process ends, another one reads the stored bytes; everybody comes back, and a newcomer with nothing joins. */
async function checkReopened(world: World): Promise<void> {
  const stored = loadFresh(world.log.storedUpdates(), 'the stored bytes')
  const [first] = world.tabs
  if (first !== undefined) checkSame(stored, 'storage', first.doc, first.label)
  for (const instance of world.instances) {
    world.crash(instance, () => 0)
    instance.start()
  }
  const newcomer = world.openNewcomer(new Random(1))
  newcomer.connect()
  await settle(world)
  // read again: Yjs' formatting clean-up may have made the newcomer delete marks that format nothing (room-log.md section 1)
  checkSame(loadFresh(world.log.storedUpdates(), 'the stored bytes'), 'storage', newcomer.doc, 'a newcomer')
  checkDocuments(world)
}
