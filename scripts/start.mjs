import { join } from 'node:path'
import { build } from './build.mjs'
import { install } from './install.mjs'
import { main, ROOT } from './run.mjs'
import { serve } from './serve.mjs'

main(import.meta.url, async () => {
  await install()
  await build()
  return serve(join(ROOT, 'server', 'dist', 'main.js'))
})
