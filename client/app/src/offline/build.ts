/** The build a worker belongs to, written into it by `offline-plugin.ts`. */
export interface Build {
  /** Differs whenever a file does. */
  readonly version: string
  /** The page's first script: a page of another build names another one. */
  readonly entry: string
  /** Paths of every file the app may need without a network. */
  readonly files: readonly string[]
}
