import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

/** Fonts and images are compressed already. */
const TEXT = /\.(js|css|svg|webmanifest)$/
/** Below one packet there is nothing to win. */
const MIN_BYTES = 1_024

/**
 * Writes `x.br` and `x.gz` beside each text file of the build, so that the server sends a third of the bytes and
 * compresses nothing while it runs.
 *
 * @example defineConfig({ plugins: [compress()] })
 */
export function compress(): Plugin {
  return {
    name: 'roomful:compress',
    apply: 'build',
    writeBundle({ dir: outDir }) {
      if (outDir === undefined) return
      for (const name of readdirSync(outDir, { recursive: true, encoding: 'utf8' })) {
        if (!TEXT.test(name)) continue
        const path = join(outDir, name)
        const bytes = readFileSync(path)
        if (bytes.length < MIN_BYTES) continue
        const params = { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
        writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params }))
        writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }))
      }
    },
  }
}
