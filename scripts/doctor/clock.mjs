import { ok, skipped, trouble } from './finding.mjs'

/** What tokens are forgiven (`CLOCK_TOLERANCE_S` of the server). */
const TOLERATED_MS = 5_000

/**
 * Whether clocks agree, by the time in hello, else by the `Date` of each instance.
 *
 * @param {readonly import('./instances.mjs').Instance[]} instances
 * @param {import('./join.mjs').JoinedRoom | undefined} room
 */
export function lookAtClock(instances, room) {
  const heard = room?.hello === undefined ? [] : [{ ...room, id: room.hello.instanceId }]
  const clocks = [...instances, ...heard].filter(({ aheadMs }) => !Number.isNaN(aheadMs))
  const wrong = clocks.filter(({ aheadMs, unsureMs }) => Math.abs(aheadMs) - unsureMs > TOLERATED_MS)
  const [worst] = wrong.toSorted((a, b) => Math.abs(b.aheadMs) - Math.abs(a.aheadMs))
  if (worst !== undefined) {
    const seconds = Math.round(Math.abs(worst.aheadMs) / 1_000)
    const [where, so] =
      worst.aheadMs > 0
        ? ['ahead of', 'tokens made here end early there']
        : ['behind', 'tokens made here count too long there, or not yet']
    return [
      trouble(
        'clock-skew',
        `the clock of instance ${worst.id} is ${seconds} s ${where} this machine's: ${so}`,
        'set both by NTP: timedatectl set-ntp true (or chronyd); this machine may be the one that is wrong',
      ),
    ]
  }
  return clocks.length === 0
    ? [skipped('no answer told the time')]
    : [ok(`clocks agree within ${TOLERATED_MS / 1_000} s`)]
}
