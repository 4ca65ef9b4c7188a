import { parseArgs } from 'node:util'
import { examineAddress, examineCheckout } from './doctor/checks.mjs'
import { format } from './doctor/report.mjs'
import { main, ROOT, Stop } from './run.mjs'

const HELP = `Names what is wrong, and what to do about it.

  npm run doctor                              this checkout, with the environment a server would get
  npm run doctor -- http://127.0.0.1:3000     and what runs at an address: yours, a proxy's, a deployment's

  --origin <origin>  of the page visitors come from, where it is not the address itself
  --token <token>    for rooms that want one

Exit code 0: all is well; 1: something is not. Nothing is changed, and nothing is written to a room.
`

const OPTIONS = /** @type {const} */ ({
  origin: { type: 'string' },
  token: { type: 'string' },
  help: { type: 'boolean', default: false },
})

/** @param {readonly string[]} args */
function parse(args) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
  } catch (error) {
    throw new Stop(`${error instanceof Error ? error.message : error}\n${HELP}`)
  }
}

/**
 * @param {string} text
 * @returns {string} with the scheme that people leave out
 */
function addressOf(text) {
  const isLocal = /^(localhost|127\.|\[::1\]|[\w.-]+:\d)/.test(text)
  const url = /^[a-z]+:\/\//i.test(text)
    ? text.replace(/^ws/, 'http')
    : `${isLocal ? 'http' : 'https'}://${text}`
  if (!URL.canParse(url) || !/^https?:/.test(url))
    throw new Stop(`${text}: an address like https://rooms.example.com, please.`)
  return url
}

main(import.meta.url, async () => {
  const { values, positionals } = parse(process.argv.slice(2))
  if (values.help) {
    console.log(HELP)
    return
  }
  const [address, ...more] = positionals
  if (more.length > 0) throw new Stop(`one address at a time, please.\n${HELP}`)
  const url = address === undefined ? undefined : addressOf(address)
  const lines = await examineCheckout({ root: ROOT, env: process.env, address: url })
  if (url !== undefined)
    lines.push(...(await examineAddress({ url, origin: values.origin, token: values.token })))
  const color = process.stdout.isTTY === true && !process.env['NO_COLOR']
  console.log(`Roomful doctor: ${ROOT}${url === undefined ? '' : ` and ${url}`}\n`)
  console.log(format(lines, { color }))
  return lines.some(({ finding }) => finding.kind === 'trouble') ? 1 : 0
})
