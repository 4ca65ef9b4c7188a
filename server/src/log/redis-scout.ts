import { Redis } from 'ioredis'
import type { RedisNode } from './redis-address.ts'
import type { RedisCall, RedisReply } from './redis-commands.ts'
import type { RedisSettings } from './redis-options.ts'
import { withoutArguments } from './redis-trouble.ts'
import { parseClusterView, type ClusterView } from './redis-slots.ts'

/** A node that does not answer in this time is not waited for: others may. */
const ANSWER_MS = 1_000

const QUESTIONS: readonly RedisCall[] = [
  { command: 'CLUSTER', args: ['SLOTS'] },
  { command: 'CLUSTER', args: ['INFO'] },
]

/** Asks one node; rejects or answers Errors where it does not tell. */
export type AskNode = (calls: readonly RedisCall[]) => Promise<readonly RedisReply[]>

/** What nodes said when they were asked who holds which keys. */
export interface ScoutReport {
  /** The latest of what they see; `undefined` where none of them takes the cluster to be up. */
  readonly view: ClusterView | undefined
  /** Of one of those that did not tell. */
  readonly error: Error | undefined
}

/** Asks several nodes at once who holds which keys: one that is cut off from the others may not know that it is. */
export async function scout(
  nodes: readonly { readonly node: RedisNode; readonly ask: AskNode }[],
): Promise<ScoutReport> {
  const answers = await Promise.all(
    nodes.map(async ({ node, ask }) => {
      try {
        return viewOf(await ask(QUESTIONS), node)
      } catch (error) {
        return withoutArguments(error)
      }
    }),
  )
  const views = answers.filter((answer): answer is ClusterView => !(answer instanceof Error))
  return {
    view: views.toSorted((a, b) => b.epoch - a.epoch)[0],
    error: answers.find((answer) => answer instanceof Error),
  }
}

function viewOf([slots, info]: readonly RedisReply[], node: RedisNode): ClusterView | Error {
  for (const reply of [slots, info]) if (reply instanceof Error) return reply
  return parseClusterView(slots, info, node) ?? new Error('the cluster is down: it lacks masters')
}

/** Asks over a connection that is made for it. */
export function askOverNew(settings: RedisSettings): AskNode {
  return async (calls) => {
    const redis = new Redis({ ...settings, retryStrategy: null })
    let failure: Error | undefined
    // the promise says that the connection is closed, the event says why
    redis.on('error', (error: Error) => (failure = withoutArguments(error)))
    const ask = async (): Promise<readonly RedisReply[]> => {
      await redis.connect()
      return Promise.all(calls.map(({ command, args }) => redis.callBuffer(command, ...args)))
    }
    try {
      return await inTime(ask())
    } catch (error) {
      throw failure ?? error
    } finally {
      redis.disconnect()
    }
  }
}

/** Asks over a connection that is there. */
export function askOver(run: AskNode): AskNode {
  return (calls) => inTime(run(calls))
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  let cancel: () => void = () => undefined
  const late = new Promise<never>((_, reject) => {
    // not the clock's: a node that is away is no event of the log
    const timer = setTimeout(() => reject(new Error(`no answer in ${ANSWER_MS} ms`)), ANSWER_MS)
    cancel = () => clearTimeout(timer)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    cancel()
    // it fails when its connection is closed
    answer.catch(() => undefined)
  }
}
