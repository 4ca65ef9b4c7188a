import type { Random } from '../random.ts'
import type { OperationKind } from './operations.ts'
import { fillTab } from './tab-steps.ts'
import type { World } from './world.ts'

/** A step that concerns no tab in particular; says what happened, `undefined` where nothing did. */
export type WorldStep = (world: World, random: Random) => string | undefined | Promise<string | undefined>

type WorldOperation = Extract<
  OperationKind,
  | 'up'
  | 'down'
  | 'tabs'
  | 'turn'
  | 'flush'
  | 'persist'
  | 'acknowledge'
  | 'settle'
  | 'stall'
  | 'heal'
  | 'crash'
  | 'start'
  | 'unload'
  | 'compact'
  | 'rebuild'
  | 'time'
  | 'open'
  | 'notice'
  | 'drain'
  | 'leave'
  | 'gossip'
  | 'deafen'
  | 'lapse'
>

/** Delivery, storage, the server's life, time. */
export const WORLD_STEPS: Readonly<Record<WorldOperation, WorldStep>> = {
  up: (world, random) => {
    const pair = random.pick(world.pairs.filter((other) => other.upward > 0))
    if (pair === undefined) return undefined
    return `connection ${pair.member.connectionId} up ${pair.deliverUp(amount(random))}`
  },
  down: (world, random) => {
    const pair = random.pick(world.pairs.filter((other) => other.downward > 0))
    if (pair === undefined) return undefined
    return `connection ${pair.member.connectionId} down ${pair.deliverDown(amount(random))}`
  },
  tabs: (world, random) => {
    const browser = random.pick(world.browsers.filter((other) => other.waiting > 0))
    if (browser === undefined) return undefined
    const delivered = browser.deliver(amount(random), (lanes) => random.int(lanes))
    return `${browser.label} carries ${delivered} between tabs`
  },
  turn: (world) => {
    if (!world.clock.turnPending) return undefined
    world.clock.endTurn()
    return 'the turn ends'
  },
  flush: async (world) => `everything is delivered: ${await world.flush()}`,
  persist: (world, random) => {
    const stored = world.log.persist(amount(random), random)
    return stored === 0 ? undefined : `${stored} entries are stored`
  },
  acknowledge: (world, random) => {
    const told = world.log.acknowledge(amount(random), random)
    return told === 0 ? undefined : `storage answers ${told} times`
  },
  settle: (world) => (world.log.settle() === 0 ? undefined : 'storage compacts or opens'),
  stall: (world) => {
    world.log.stalled = true
    return 'storage stalls'
  },
  heal: (world) => {
    if (!world.log.stalled) return undefined
    world.log.stalled = false
    return 'storage heals'
  },
  crash: (world, random) => {
    const instance = world.pickInstance(random)
    if (!instance.isUp) return undefined
    world.crash(instance, () => random.int(4))
    return 'the server is killed'
  },
  start: (world) => {
    const down = world.instances.filter(({ isUp }) => !isUp)
    if (down.length === 0) return undefined
    for (const instance of down) instance.start()
    return 'the server starts'
  },
  unload: (world, random) => (world.pickInstance(random).unload() ? 'the empty room is unloaded' : undefined),
  compact: (world, random) => {
    const compact = world.pickInstance(random).room?.compact
    if (compact === undefined) return undefined
    compact()
    return 'the room is compacted'
  },
  rebuild: (world) =>
    world.instances.reduce((sum, { compactor }) => sum + compactor.run(), 0) === 0
      ? undefined
      : 'the worker has rebuilt the document',
  gossip: (world, random) => {
    const heard = world.shared?.gossip(amount(random), random) ?? 0
    return heard === 0 ? undefined : `an instance hears ${heard} messages of others`
  },
  deafen: (world, random) => {
    const mail = random.pick(world.shared?.backends ?? [])?.mail
    return mail?.reconnect() === true ? 'an instance loses what others said, and asks anew' : undefined
  },
  lapse: (world, random) => {
    const mail = random.pick(world.shared?.backends ?? [])?.mail
    return mail?.lapse() === true ? 'an instance is taken for gone' : undefined
  },
  time: async (world, random) => {
    const ms = random.pick([20, 20, 200, 200, 1_000, 1_000, 3_000, 11_000, 31_000]) ?? 20
    await world.pass(ms)
    return `${ms} ms pass`
  },
  open: (world, random) => {
    const tab = world.openTab(random)
    return tab === undefined ? undefined : fillTab(world, tab, random)
  },
  notice: (world, random) => {
    const pair = random.pick(world.pairs.filter((other) => other.isSevered))
    if (pair === undefined) return undefined
    const byServer = random.chance(0.6)
    if (byServer) pair.serverNotices()
    else pair.clientNotices()
    return `${byServer ? 'the server' : 'the client'} notices that connection ${pair.member.connectionId} is dead`
  },
  drain: (world) => {
    const slow = world.pairs.filter((pair) => pair.stalledBytes > 0)
    for (const pair of slow) pair.stalledBytes = 0
    return slow.length === 0 ? undefined : 'slow readers drain'
  },
  leave: (world) => {
    for (const tab of world.tabs) tab.disconnect()
    return 'everybody disconnects'
  },
}

function amount(random: Random): number {
  return random.chance(0.5) ? Infinity : random.between(1, 3)
}
