import { insertNewlineContinueMarkup, markdownLanguage } from '@codemirror/lang-markdown'
import { syntaxHighlighting } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { keymap } from '@codemirror/view'
import { tagHighlighter, tags } from '@lezer/highlight'

/** Classes, not colours: the styles stand in note.css, by tokens. */
const highlighter = tagHighlighter([
  { tag: tags.heading1, class: 'md-h1' },
  { tag: tags.heading2, class: 'md-h2' },
  { tag: [tags.heading3, tags.heading4, tags.heading5, tags.heading6], class: 'md-h3' },
  { tag: tags.strong, class: 'md-strong' },
  { tag: tags.emphasis, class: 'md-em' },
  { tag: tags.strikethrough, class: 'md-strike' },
  { tag: tags.link, class: 'md-link' },
  { tag: tags.url, class: 'md-url' },
  { tag: tags.monospace, class: 'md-code' },
  { tag: tags.quote, class: 'md-quote' },
  { tag: tags.contentSeparator, class: 'md-rule' },
  { tag: tags.processingInstruction, class: 'md-mark' },
  { tag: [tags.labelName, tags.comment, tags.escape, tags.atom], class: 'md-mark' },
])

/**
 * Markdown with GitHub's tables, task lists and struck text. The language alone: the package's `markdown()` would bring the
 * grammars of HTML, CSS and JavaScript along.
 */
export const markdown: Extension = [
  markdownLanguage.extension,
  syntaxHighlighting(highlighter),
  // a new line goes on with the list, or ends it where its item is empty
  keymap.of([{ key: 'Enter', run: insertNewlineContinueMarkup }]),
]
