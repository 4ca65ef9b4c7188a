import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** A snippet of a document that runs as a program. */
export interface DocProgram {
  /** All it has printed so far. */
  output(): string
  /** Ends it and takes its folder away. */
  stop(): Promise<void>
}

/** The first `js` block of a document that contains a text; throws where there is none. */
export function docSnippet(markdown: string, containing: string): string {
  const found = [...markdown.matchAll(/```js\n([\s\S]*?)```/g)].map((match) => match[1] ?? '')
  const code = found.find((text) => text.includes(containing))
  if (code === undefined) throw new Error(`there is no snippet with ${containing}`)
  return code
}

/** Runs a snippet as a program of somebody who has the packages, word for word. */
export function runDocProgram(code: string, env: Readonly<Record<string, string>> = {}): DocProgram {
  // inside the repository, so that the packages resolve as in a project that installed them
  const folder = mkdtempSync(join(ROOT, 'tests/.snippet-'))
  writeFileSync(join(folder, 'snippet.mjs'), code)
  const args = ['--conditions=@roomful/source', '--import', 'tsx', join(folder, 'snippet.mjs')]
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed += text))
  const ended = new Promise((resolve) => {
    child.once('close', resolve)
  })
  return {
    output: () => printed,
    async stop() {
      child.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
