import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import plugins from '@size-limit/preset-small-lib'
import sizeLimit from 'size-limit'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Bytes of a module and what it imports, bundled and minified by esbuild, gzipped.
 *
 * @param file from the repository's root
 * @param ignore imports that are not counted: what whoever embeds it has already
 */
export async function weigh(file: string, ignore: readonly string[]): Promise<number> {
  const check = {
    files: [join(ROOT, file)],
    ignore: [...ignore],
    gzip: true,
    modifyEsbuildConfig: (config: object) => ({
      ...config,
      conditions: ['@roomful/source'],
      format: 'esm',
      jsx: 'automatic',
      target: 'es2022',
    }),
  }
  const [result] = await sizeLimit([...plugins], { checks: [check] })
  if (result?.size === undefined) throw new Error(`${file} was not weighed`)
  return result.size
}
