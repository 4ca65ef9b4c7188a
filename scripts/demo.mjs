import { EventEmitter } from 'node:events'
import { parseArgs } from 'node:util'
import { join } from 'node:path'
import { build } from './build.mjs'
import { install } from './install.mjs'
import { main, ROOT, Stop } from './run.mjs'
import { serve } from './serve.mjs'
import { forwardSignals } from './signals.mjs'

const HELP = `A room with lively visitors: they move, drag cards, type and chat.

  npm run demo                                a server of its own; its rooms live in memory
  npm run demo -- --url http://127.0.0.1:3000  visitors only, for a server that runs

  --room <name>     demo
  --people <1..8>   5
  --speed <factor>  1: a person's pace
  --seed <number>   what they do, 1 by default
`

const OPTIONS = /** @type {const} */ ({
  url: { type: 'string' },
  room: { type: 'string', default: 'demo' },
  people: { type: 'string', default: '5' },
  speed: { type: 'string', default: '1' },
  seed: { type: 'string', default: '1' },
  help: { type: 'boolean', default: false },
})

/** @param {readonly string[]} args */
function parse(args) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values
  } catch (error) {
    throw new Stop(`${error instanceof Error ? error.message : error}\n${HELP}`)
  }
}

/**
 * @param {string} name
 * @param {string} text
 * @param {number} low
 * @param {number} high
 */
function number(name, text, low, high) {
  const value = Number(text)
  if (text.trim() === '' || !(value >= low && value <= high))
    throw new Stop(`--${name} ${text}: a number from ${low} to ${high}, please.`)
  return value
}

/**
 * @param {string} url the server's address
 * @returns {string} where its rooms are
 */
function roomsAddress(url) {
  if (!URL.canParse(url) || !/^https?:/.test(url))
    throw new Stop(`--url ${url}: an address like http://127.0.0.1:3000, please.`)
  return `${new URL(url).origin.replace(/^http/, 'ws')}/ws`
}

/** Resolves at Ctrl-C, at SIGTERM, and when npm is gone. */
function interrupted() {
  const ending = new EventEmitter()
  return new Promise((settle) => {
    forwardSignals({
      kill: () => ending.emit('close'),
      once: (name, listener) => ending.once(name, () => settle(listener())),
    })
  })
}

main(import.meta.url, async () => {
  const { url, room, help, ...rest } = parse(process.argv.slice(2))
  if (help) {
    console.log(HELP)
    return
  }
  await install()
  await build()
  // what follows needs what was just installed and built
  const { inviteVisitors, MAX_PEOPLE } = await import('./demo/people.mjs')
  const { parseRoomName } = await import('@roomful/shared')
  if (parseRoomName(room) === undefined)
    throw new Stop(`--room ${room}: letters, digits and . _ ~ - only, at most 128.`)
  const options = {
    room,
    people: number('people', rest.people, 1, MAX_PEOPLE),
    speed: number('speed', rest.speed, 0.1, 50),
    seed: number('seed', rest.seed, 0, 2 ** 31),
  }
  if (url !== undefined) {
    const guests = inviteVisitors({ serverUrl: roomsAddress(url), ...options })
    console.error(
      `roomful: ${options.people} visitors in ${new URL(url).origin}/rooms/${room}; Ctrl-C ends it`,
    )
    await interrupted()
    await guests.leave()
    return
  }
  /** @type {Promise<unknown>} */
  let gone = Promise.resolve()
  const code = await serve(join(ROOT, 'server', 'dist', 'main.js'), {
    env: { DATA_DIR: ':memory:', ...process.env },
    openRoom: room,
    onListening: (address) => {
      const guests = inviteVisitors({ serverUrl: roomsAddress(address), ...options })
      gone = interrupted().then(() => guests.leave())
    },
  })
  // a server that could not start has nobody to wait for
  if (code === 0) await gone
  return code
})
