/** @typedef {ReadonlyMap<string, string>} Specifiers name → what was asked for */

/** @param {string} text */
const unquote = (text) => text.replace(/^(['"])(.*)\1$/, '$2')

/**
 * What a pnpm lockfile (version 9) was made for. Only its regular frame is read, so that the doctor works where nothing is
 * installed.
 *
 * @param {string} text
 * @returns {{ catalog: Specifiers, importers: ReadonlyMap<string, Specifiers> }} `importers` by folder, the root is `.`
 */
export function readLockfile(text) {
  const catalog = new Map()
  /** @type {Map<string, Map<string, string>>} */
  const importers = new Map()
  /** Keys of the lines above this one, by depth. @type {string[]} */
  const path = []
  for (const line of text.split('\n')) {
    const [, indent = '', rawKey = '', value = ''] =
      /^( *)('[^']*'|[^\s:'][^:]*):(?: (.*))?$/.exec(line) ?? []
    if (rawKey === '') continue
    path.splice(indent.length / 2)
    path.push(unquote(rawKey))
    const [part, folder = '', , name = ''] = path
    if (part === 'importers' && path.length === 2) importers.set(folder, new Map())
    if (path.at(-1) !== 'specifier') continue
    // catalogs: default: <name>: specifier — importers: <folder>: <kind>: <name>: specifier
    if (part === 'catalogs' && folder === 'default') catalog.set(path[2] ?? '', unquote(value))
    if (part === 'importers') importers.get(folder)?.set(name, unquote(value))
  }
  return { catalog, importers }
}

/**
 * The folders and the default catalog of a `pnpm-workspace.yaml`.
 *
 * @param {string} text
 * @returns {{ packages: readonly string[], catalog: Specifiers }}
 */
export function readWorkspace(text) {
  /** @type {string[]} */
  const packages = []
  const catalog = new Map()
  let part = ''
  for (const line of text.split('\n')) {
    if (/^[a-zA-Z]/.test(line)) part = line.split(':', 1)[0] ?? ''
    const folder = /^ {2}- (.+)$/.exec(line)?.[1]
    if (part === 'packages' && folder !== undefined) packages.push(unquote(folder))
    const [, name, range] = /^ {2}('[^']*'|[^\s#:]+): (.+)$/.exec(line) ?? []
    if (part === 'catalog' && name !== undefined && range !== undefined)
      catalog.set(unquote(name), unquote(range))
  }
  return { packages, catalog }
}
