import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { build } from './build.mjs'
import { createBalancer } from './cluster/balancer.mjs'
import { listenForEnding } from './cluster/ending.mjs'
import { keepInstance } from './cluster/instance.mjs'
import { startPrivateRedis } from './cluster/private-redis.mjs'
import { createWindowNames } from './cluster/window-names.mjs'
import { install } from './install.mjs'
import { ensureRedis } from './redis.mjs'
import { main, Stop } from './run.mjs'

const HELP = `Several instances of the server and a Redis of their own behind one address. Nothing is kept when it ends.

  npm run cluster

  --instances <2..8>  2
  --port <number>     3000, of the one address; 0 = any free one
`

const NAMES = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight']

/** @param {readonly string[]} args */
function parse(args) {
  const options = /** @type {const} */ ({
    instances: { type: 'string', default: '2' },
    port: { type: 'string', default: '3000' },
    help: { type: 'boolean', default: false },
  })
  try {
    return parseArgs({ args: [...args], options }).values
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
function whole(name, text, low, high) {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < low || value > high)
    throw new Stop(`--${name} ${text}: a whole number from ${low} to ${high}, please.`)
  return value
}

/**
 * @param {import('node:net').Server} balancer
 * @param {number} port
 * @returns {Promise<string>} its address
 */
async function listen(balancer, port) {
  balancer.listen(port, '127.0.0.1')
  try {
    await once(balancer, 'listening')
  } catch (error) {
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    const why = isTaken ? 'is in use' : `cannot be used (${error instanceof Error ? error.message : error})`
    throw new Stop(`port ${port} ${why}; stop what uses it, or: npm run cluster -- --port 0 (any free one)`)
  }
  const address = balancer.address()
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}`
}

/**
 * @param {string} url
 * @param {readonly ReturnType<typeof keepInstance>[]} instances
 * @param {string} redis
 */
function greeting(url, instances, redis) {
  const rows = [
    ['Open', `${url}/rooms/lobby in two windows: each new one meets the next instance`],
    ...instances.map(({ name, up }) => ['Instance', `${name}: pid ${up?.pid}, http://127.0.0.1:${up?.port}`]),
    ['Redis', `${redis}, nobody else's; nothing is kept when it ends`],
    ['Try', `kill -9 ${instances[0]?.up?.pid}: its windows go on elsewhere, and it comes back`],
    ['Stop', 'Ctrl-C; twice to end at once'],
  ]
  return ['', ...rows.map(([name = '', text]) => `  ${name.padEnd(9)} ${text}`), ''].join('\n')
}

/**
 * @param {number} count
 * @param {import('node:net').Server} balancer
 * @param {ReturnType<typeof keepInstance>[]} instances filled here
 * @param {{ port: number, redisServer: string }} options
 */
async function run(count, balancer, instances, { port, redisServer }) {
  const ending = listenForEnding(() => {
    for (const one of instances) void one.stop('SIGKILL')
  })
  /** @type {Awaited<ReturnType<typeof startPrivateRedis>> | undefined} */
  let redis
  try {
    const url = await listen(balancer, port)
    redis = await startPrivateRedis(redisServer)
    // authority and password belong to another Redis
    const env = {
      LOG_LEVEL: 'warn',
      ...process.env,
      REDIS_URL: redis.url,
      REDIS_CA: '',
      REDIS_SENTINEL_PASSWORD: '',
    }
    for (const name of NAMES.slice(0, count)) instances.push(keepInstance(name, env, say))
    const all = Promise.all(instances.map(({ started }) => started))
    const areUp = await Promise.race([all, ending.first])
    if (areUp === undefined) return
    if (!areUp.every(Boolean)) throw new Stop('an instance did not start; it says above why.')
    console.log(
      JSON.stringify({ event: 'listening', url, instances: NAMES.slice(0, count), redis: redis.url }),
    )
    console.error(greeting(url, instances, redis.url))
    await ending.first
  } finally {
    balancer.close()
    await Promise.all(instances.map((one) => one.stop('SIGTERM')))
    await redis?.stop()
    ending.off()
  }
}

/** @param {string} line */
function say(line) {
  console.error(`roomful: ${line}`)
}

main(import.meta.url, async () => {
  const { help, ...rest } = parse(process.argv.slice(2))
  if (help) {
    console.log(HELP)
    return
  }
  const count = whole('instances', rest.instances, 2, NAMES.length)
  const port = whole('port', rest.port, 0, 65_535)
  const found = await ensureRedis()
  if ('reason' in found) throw new Stop(`npm run cluster needs a redis-server: ${found.reason}`)
  await install()
  await build()
  /** @type {ReturnType<typeof keepInstance>[]} */
  const instances = []
  const nameOf = createWindowNames()
  const balancer = createBalancer(
    () => instances.flatMap(({ name, up }) => (up === undefined ? [] : [{ name, port: up.port }])),
    ({ name }, visit) => say(`${nameOf(visit)} is on instance ${name} (room ${visit.room})`),
  )
  await run(count, balancer, instances, { port, redisServer: found.path })
})
