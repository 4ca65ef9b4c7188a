import { type Extension, RangeSetBuilder } from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view'

const auto = Decoration.line({ attributes: { dir: 'auto' } })

/** Each line is written from the side its own first letter asks for, whatever the lines around it do. */
export const lineDirection: Extension = [
  EditorView.perLineTextDirection.of(true),
  ViewPlugin.define(
    (view) => {
      const plugin = {
        lines: visibleLines(view),
        update(update: ViewUpdate): void {
          if (update.docChanged || update.viewportChanged) plugin.lines = visibleLines(update.view)
        },
      }
      return plugin
    },
    { decorations: (plugin) => plugin.lines },
  ),
]

function visibleLines(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>()
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to;) {
      const line = view.state.doc.lineAt(at)
      builder.add(line.from, line.from, auto)
      at = line.to + 1
    }
  }
  return builder.finish()
}
