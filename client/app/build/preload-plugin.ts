import type { HtmlTagDescriptor, Plugin, Rollup } from 'vite'

/**
 * Names a part that the page asks for as soon as its script runs, with all that part needs, in the page itself: it is fetched
 * beside the script instead of two round trips behind it.
 *
 * @param module how the part's file ends, `shell/RoomEntry.tsx`
 * @example defineConfig({ plugins: [react(), preload('shell/RoomEntry.tsx')] })
 */
export function preload(module: string): Plugin {
  return {
    name: 'roomful:preload',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle = {} }) {
        const chunks = Object.values(bundle).filter((output) => output.type === 'chunk')
        const part = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(module) === true)
        if (part === undefined) throw new Error(`the build has no part of its own for ${module}`)
        const needed = withImports(part, new Map(chunks.map((chunk) => [chunk.fileName, chunk])))
        const scripts = needed.map(({ fileName }) => fileName)
        const styles = needed.flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])])
        const isNews = (file: string): boolean => !html.includes(`/${file}"`)
        return [
          ...scripts
            .filter(isNews)
            .map((file) => link({ rel: 'modulepreload', crossorigin: true, href: `/${file}` })),
          ...styles
            .filter(isNews)
            .map((file) => link({ rel: 'preload', as: 'style', crossorigin: true, href: `/${file}` })),
        ]
      },
    },
  }
}

/** A chunk and everything it imports, each once. */
function withImports(
  first: Rollup.OutputChunk,
  chunks: ReadonlyMap<string, Rollup.OutputChunk>,
): Rollup.OutputChunk[] {
  const found = new Set([first])
  for (const { imports } of found) {
    for (const name of imports) {
      const chunk = chunks.get(name)
      if (chunk !== undefined) found.add(chunk)
    }
  }
  return [...found]
}

const link = (attrs: Record<string, string | boolean>): HtmlTagDescriptor => ({
  tag: 'link',
  injectTo: 'head',
  attrs,
})
