import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { ROOTS } from '@roomful/shared'
import * as Y from 'yjs'
import { Random } from './random.ts'

/** One transaction of an author, as the update its editor emitted. */
export interface TraceUpdate {
  readonly author: number
  readonly update: Uint8Array
  /** How many updates of each author it was typed on: they must be there before it. */
  readonly needs: readonly number[]
}

/** A concurrent editing history over the root `note`. */
export interface ConcurrentTrace {
  /** Where it came from: named in the test's output. */
  readonly source: string
  readonly clientIDs: readonly number[]
  /** All updates in an order in which each one's needs come before it. */
  readonly updates: readonly TraceUpdate[]
  readonly endContent: string
}

/** A history of one writer over one text: position, deleted length, inserted text (UTF-16 units). */
export interface SequentialTrace {
  readonly source: string
  readonly patches: readonly (readonly [position: number, deleted: number, inserted: string])[]
  readonly endContent: string
}

interface FriendsForever {
  readonly numAgents: number
  readonly endContent: string
  readonly txns: readonly {
    readonly parents: readonly number[]
    readonly agent: number
    readonly patches: SequentialTrace['patches']
  }[]
}

interface AutomergePaper {
  readonly endContent: string
  readonly txns: readonly { readonly patches: SequentialTrace['patches'] }[]
}

const FOLDER = fileURLToPath(new URL('../../../shared/traces/', import.meta.url))

/**
 * The two-author trace `friendsforever` where the traces lie beside the repository, else a seeded synthetic one.
 * Each transaction is replayed on a document that holds exactly its parents; ids ascend by agent, else texts differ.
 */
export function loadConcurrentTrace(seed = 1): ConcurrentTrace {
  const raw = readTrace<FriendsForever>('friendsforever.json.gz')
  return raw === undefined ? synthesizeConcurrentTrace(seed) : replay(raw)
}

/** The 259,778 edits of `automerge-paper`, else a seeded synthetic history of one writer. */
export function loadSequentialTrace(seed = 1): SequentialTrace {
  const raw = readTrace<AutomergePaper>('automerge-paper.json.gz')
  if (raw === undefined) return synthesizeSequentialTrace(seed)
  return {
    source: 'automerge-paper.json.gz',
    patches: raw.txns.flatMap((txn) => txn.patches),
    endContent: raw.endContent,
  }
}

/** Applies a patch to a text in the current transaction. */
export function applyPatch(text: Y.Text, patch: SequentialTrace['patches'][number]): void {
  const [position, deleted, inserted] = patch
  if (deleted > 0) text.delete(position, deleted)
  if (inserted.length > 0) text.insert(position, inserted)
}

function readTrace<T>(name: string): T | undefined {
  const path = FOLDER + name
  return existsSync(path) ? (JSON.parse(gunzipSync(readFileSync(path)).toString('utf8')) as T) : undefined
}

/** A document per author that records what it emits, and can be brought to any later version of the history. */
class AuthorReplica {
  readonly doc = new Y.Doc()
  readonly #author: number
  readonly #seen: number[]
  #emitted: Uint8Array | undefined

  constructor(author: number, authors: number) {
    this.#author = author
    this.doc.clientID = clientIdOf(author)
    this.#seen = Array.from({ length: authors }, () => 0)
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== REMOTE) this.#emitted = update
    })
  }

  get text(): Y.Text {
    return this.doc.getText(ROOTS.note)
  }

  get seen(): readonly number[] {
    return this.#seen
  }

  catchUp(needs: readonly number[], byAuthor: readonly (readonly TraceUpdate[])[]): void {
    const missing: Uint8Array[] = []
    for (const [author, count] of needs.entries()) {
      for (const entry of byAuthor[author]?.slice(this.#seen[author], count) ?? []) missing.push(entry.update)
      this.#seen[author] = Math.max(this.#seen[author] ?? 0, count)
    }
    if (missing.length > 0)
      this.doc.transact(() => missing.forEach((u) => Y.applyUpdate(this.doc, u, REMOTE)), REMOTE)
  }

  /** Runs one edit and gives its update. Needs are what the author had seen before it. */
  edit(run: (text: Y.Text) => void): TraceUpdate {
    const needs = this.#seen.slice()
    this.#emitted = undefined
    this.doc.transact(() => run(this.text))
    if (this.#emitted === undefined) throw new Error('a transaction of the trace changed nothing')
    this.#seen[this.#author] = (this.#seen[this.#author] ?? 0) + 1
    return { author: this.#author, update: this.#emitted, needs }
  }
}

const REMOTE = { kind: 'remote' } as const
const clientIdOf = (author: number): number => 1_000 + author

function replay(raw: FriendsForever): ConcurrentTrace {
  const replicas = Array.from(
    { length: raw.numAgents },
    (_, author) => new AuthorReplica(author, raw.numAgents),
  )
  const byAuthor: TraceUpdate[][] = replicas.map(() => [])
  const versions: number[][] = []
  const updates: TraceUpdate[] = []
  for (const txn of raw.txns) {
    const replica = replicas[txn.agent]
    if (replica === undefined) throw new Error(`agent ${txn.agent} is not announced by the trace`)
    const needs = replicas.map((_, author) =>
      Math.max(0, ...txn.parents.map((p) => versions[p]?.[author] ?? 0)),
    )
    replica.catchUp(needs, byAuthor)
    const entry = replica.edit((text) => txn.patches.forEach((patch) => applyPatch(text, patch)))
    byAuthor[txn.agent]?.push(entry)
    updates.push(entry)
    versions.push(replica.seen.slice())
  }
  return {
    source: 'friendsforever.json.gz',
    clientIDs: replicas.map((_, author) => clientIdOf(author)),
    updates,
    endContent: raw.endContent,
  }
}

const WORDS = ['room', 'cursor', 'merge ', 'offline, ', 'together ', 'a ', 'note\n', 'über ', '🙂 ', 'train ']

/** A seeded stand-in for the real trace: two authors who type apart and see each other now and then. */
export function synthesizeConcurrentTrace(seed: number): ConcurrentTrace {
  const random = new Random(seed)
  const replicas = [new AuthorReplica(0, 2), new AuthorReplica(1, 2)]
  const byAuthor: TraceUpdate[][] = [[], []]
  const updates: TraceUpdate[] = []
  for (let step = 0; step < 3_000; step++) {
    const author = random.chance(0.5) ? 0 : 1
    const replica = replicas[author]
    if (replica === undefined) throw new Error('there are two authors')
    // sometimes they see each other's work, in between they type apart
    if (random.chance(0.08))
      replica.catchUp(
        byAuthor.map((list) => list.length),
        byAuthor,
      )
    const entry = replica.edit((text) => randomEdit(text, random))
    byAuthor[author]?.push(entry)
    updates.push(entry)
  }
  const merged = new Y.Doc()
  merged.transact(() => updates.forEach((entry) => Y.applyUpdate(merged, entry.update)))
  return {
    source: `synthetic two-author trace, seed ${seed}`,
    clientIDs: [clientIdOf(0), clientIdOf(1)],
    updates,
    endContent: merged.getText(ROOTS.note).toJSON(),
  }
}

/** A seeded stand-in for the paper: 20,000 edits of one writer. */
export function synthesizeSequentialTrace(seed: number): SequentialTrace {
  const random = new Random(seed)
  const patches: [number, number, string][] = []
  let text = ''
  for (let step = 0; step < 20_000; step++) {
    const at = random.int(text.length + 1)
    const deleted = random.chance(0.3) ? Math.min(text.length - at, random.int(4)) : 0
    // ASCII only: a sequential trace must not cut surrogate pairs
    const inserted = deleted > 0 ? '' : String.fromCharCode(97 + random.int(26))
    if (deleted === 0 && inserted === '') continue
    patches.push([at, deleted, inserted])
    text = text.slice(0, at) + inserted + text.slice(at + deleted)
  }
  return { source: `synthetic sequential trace, seed ${seed}`, patches, endContent: text }
}

function randomEdit(text: Y.Text, random: Random): void {
  const content = text.toJSON()
  const at = pairStart(content, random.int(content.length + 1))
  const end = pairStart(content, Math.min(content.length, at + random.between(1, 5)))
  if (content.length > 40 && end > at && random.chance(0.35)) text.delete(at, end - at)
  else text.insert(at, random.pick(WORDS) ?? 'word ')
}

/** Steps back where an offset would cut a surrogate pair: Yjs replicas diverge on such edits. */
function pairStart(content: string, at: number): number {
  const unit = content.charCodeAt(at)
  return unit >= 0xdc00 && unit <= 0xdfff ? at - 1 : at
}
