import * as Y from 'yjs'
import { SIM_ROOTS } from './edits.ts'

/** Everything a reader of the document can see, root by root, in a form that compares as text. */
export function contentOf(doc: Y.Doc): Record<string, string> {
  const content: Record<string, string> = {}
  for (const [name, open] of Object.entries(SIM_ROOTS)) content[name] = JSON.stringify(visible(open(doc)))
  return content
}

/** Names of the roots in which two documents differ. */
export function differingRoots(a: Record<string, string>, b: Record<string, string>): string[] {
  return Object.keys(SIM_ROOTS).filter((name) => a[name] !== b[name])
}

function visible(value: unknown): unknown {
  if (value instanceof Y.XmlElement) {
    const attributes = value.getAttributes()
    return {
      node: value.nodeName,
      attributes: sorted(Object.entries(attributes)),
      children: value.toArray().map(visible),
    }
  }
  if (value instanceof Y.XmlFragment) return value.toArray().map(visible)
  // XmlText is a Text: deltas show formats and embeds
  if (value instanceof Y.Text) return value.toDelta().map(visibleRun)
  if (value instanceof Y.Array) return value.toArray().map(visible)
  if (value instanceof Y.Map) return sorted([...value.entries()].map(([key, entry]) => [key, visible(entry)]))
  if (value instanceof Uint8Array) return { bytes: [...value] }
  return value
}

function visibleRun(run: { insert: unknown; attributes?: Record<string, unknown> }): unknown {
  return [visible(run.insert), sorted(Object.entries(run.attributes ?? {}))]
}

/** The order of a map's keys is nobody's business, nor is that of a delta's attributes made elsewhere. */
function sorted(entries: [string, unknown][]): [string, unknown][] {
  return entries.toSorted(([a], [b]) => (a < b ? -1 : 1))
}
