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
declare module 'jsdom' {
  /** A page without a browser; only what tests of ours use of it. */
  export class JSDOM {
    constructor(html: string, options: { readonly pretendToBeVisual: boolean; readonly url: string })
    readonly window: object & { readonly Range: { readonly prototype: object } }
  }
}
