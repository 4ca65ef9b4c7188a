import { build } from './build.mjs'
import { findChromium } from './chromium.mjs'
import { install } from './install.mjs'
import { main, run, Stop } from './run.mjs'

const HELP = `Pictures of the app, for people to look at.

  npm run screenshots                  every view: both themes, wide and phone, alone and among eight, empty and busy,
                                       online, offline, refused; into tests/output/screenshots, with index.html
  npm run screenshots -- note-wide     only pictures whose file name holds that
  npm run screenshots -- --readme      docs/images: what the README shows
`

main(import.meta.url, async () => {
  // npm takes the two dashes away, Node does not
  const [what = ''] = process.argv.slice(2).filter((argument) => argument !== '--')
  if (what === '--help') {
    console.log(HELP)
    return
  }
  await install()
  await build()
  const found = findChromium()
  if ('reason' in found) throw new Stop(found.reason)
  const args = ['--conditions=@roomful/source', '--import', 'tsx', 'tests/support/scene/main.ts', what]
  const { code } = await run(process.execPath, args, {
    env: { ...process.env, CHROMIUM_PATH: found.path },
  })
  return code
})
