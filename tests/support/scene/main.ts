import { fileURLToPath } from 'node:url'
import { launchChromium } from '../chromium.ts'
import { takeAll } from './take-all.ts'
import { takeReadme } from './take-readme.ts'

// What `npm run screenshots` runs through tsx: `--readme` for the README's pictures, else what file names are to hold.
const [what = ''] = process.argv.slice(2)
const path = (relative: string): string => fileURLToPath(new URL(`../../../${relative}`, import.meta.url))
const say = (line: string): void => void process.stderr.write(`roomful: ${line}\n`)

const browser = await launchChromium()
try {
  if (what === '--readme') {
    for (const file of await takeReadme(browser, path('docs/images'))) say(file)
  } else {
    say(await takeAll(browser, { folder: path('tests/output/screenshots'), only: what, log: say }))
  }
} finally {
  await browser.close()
}
