declare module '@size-limit/preset-small-lib' {
  /** size-limit's plugins that bundle with esbuild and weigh the result. */
  const plugins: readonly ((...args: unknown[]) => unknown)[]
  export default plugins
}
declare module 'size-limit' {
  /** Runs checks; `size` in bytes. Its own types know the command line's configuration only. */
  export default function sizeLimit(
    plugins: readonly ((...args: unknown[]) => unknown)[],
    config: { readonly checks: readonly object[] },
  ): Promise<readonly { readonly size?: number }[]>
}
