import type { HtmlTagDescriptor, Plugin, Rollup } from 'vite'

/**
 * Names parts that the page asks for as soon as its script runs, with all they need, in the page itself: they are fetched
 * beside the script instead of two round trips behind it.
 *
 * @param modules how the parts' files end, `shell/RoomEntry.tsx`
 * @example defineConfig({ plugins: [react(), preload(['shell/RoomEntry.tsx'])] })
 */
export function preload(modules: readonly string[]): Plugin {
  return {
    name: 'roomful:preload',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle = {} }) {
        const chunks = Object.values(bundle).filter((output) => output.type === 'chunk')
        const parts = modules.map((module) => {
          const part = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(module) === true)
          if (part === undefined) throw new Error(`the build has no part of its own for ${module}`)
          return part
        })
        const needed = withImports(parts, new Map(chunks.map((chunk) => [chunk.fileName, chunk])))
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

/** Chunks and everything they import, each once. */
function withImports(
  first: readonly Rollup.OutputChunk[],
  chunks: ReadonlyMap<string, Rollup.OutputChunk>,
): Rollup.OutputChunk[] {
  const found = new Set(first)
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
