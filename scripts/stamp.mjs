import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

/** Folders whose content never is a source. */
const SKIPPED = new Set(['node_modules', 'dist', '.cache', '.git', 'output'])

/**
 * Hashes the content of files and folders. Content, not modification times: a clone, a checkout and a copy give
 * every file a new time without changing anything. Some hundred sources take a few milliseconds.
 *
 * @param {string} root paths are hashed relative to it, so that moving the repository changes nothing
 * @param {readonly string[]} paths relative to `root`; what does not exist counts as absent
 * @param {{ skip?: (path: string) => boolean, extra?: string }} [options] `extra` goes into the hash as it is
 * @returns {string} hex
 */
export function hashOf(root, paths, { skip = () => false, extra = '' } = {}) {
  const hash = createHash('sha256')
  /** @param {string} path */
  const add = (path) => {
    const stats = statSync(path, { throwIfNoEntry: false })
    if (stats === undefined) return
    if (stats.isDirectory()) {
      for (const name of readdirSync(path).sort()) if (!SKIPPED.has(name)) add(join(path, name))
      return
    }
    const name = relative(root, path).split('\\').join('/')
    if (skip(name)) return
    const bytes = readFileSync(path)
    // the length closes each name: else moving bytes between neighbours could leave the hash as it was
    hash.update(`${name}\0${bytes.length}\0`).update(bytes)
  }
  for (const path of paths) add(join(root, path))
  return hash.update(extra).digest('hex')
}

/**
 * A file that says for which sources some work was done last.
 *
 * @param {string} file
 */
export function stampAt(file) {
  return {
    /** @param {string} hash */
    matches: (hash) => {
      try {
        return readFileSync(file, 'utf8') === hash
      } catch {
        // never written, or unreadable: either way the work has to be done
        return false
      }
    },
    /** @param {string} hash */
    write: (hash) => {
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, hash)
    },
    /** Call before the work starts: what is interrupted half-way must not look done. */
    clear: () => rmSync(file, { force: true }),
  }
}
