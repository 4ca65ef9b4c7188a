import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where tests are. */
const TEST_FOLDERS = ['shared/src', 'server/src', 'client/provider/src', 'tests']
/** A test that runs over the limits themselves stands for each of them. */
const EVERY = '[limit:%s]'

/**
 * The tests whose names quote a limit, `[limit:frameBytes]`.
 *
 * @param {string} root
 * @returns {(limit: string) => string[]} their paths
 */
export function testsOf(root) {
  const sources = TEST_FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /^(?!.*node_modules).*\.test\.tsx?$/.test(path))
      .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
      .map((path) => ({ path, source: readFileSync(join(root, path), 'utf8') })),
  )
  return (limit) =>
    sources
      .filter(({ source }) => source.includes(`[limit:${limit}]`) || source.includes(EVERY))
      .map(({ path }) => path)
      .toSorted()
}

/**
 * `docs/limits.md`.
 *
 * @param {Readonly<Record<string, { env: string, default: number, unit: string, reason: string, effect: string }>>} specs
 * @param {(limit: string) => string[]} tests
 */
export function limitsDocument(specs, tests) {
  const rows = Object.entries(specs).map(([name, { env, default: value, unit, reason, effect }]) =>
    [
      `\`${name}\``,
      `\`${env}\``,
      amount(value, unit),
      reason,
      effect,
      `\`{limit="${name}"}\``,
      tests(name)
        .map((path) => `[${path.split('/').at(-1)}](../${path})`)
        .join(', '),
    ].join(' | '),
  )
  return `<!-- Written by npm run limits-doc: edit shared/src/limits.ts instead. -->

# Limits

Everything a client can make the server hold or do is bounded, and a bound that is reached touches the connection that
reached it and nobody else. Each is a number of the environment (${'`'}npm start${'`'}, ${'`'}node server/dist/main.js${'`'}) or of
${'`'}createCollabServer({ limits })${'`'}, where it goes by its name. Each time one has its effect
${'`'}roomful_limit_hits_total${'`'} in ${'`'}/metrics${'`'} rises, with the limit's name as the label ${'`'}limit${'`'}. The rules of the wire behind
them are in [protocol.md](protocol.md).

| limit | variable | default | why | beyond it | counted as | tests |
|---|---|---|---|---|---|---|
${rows.map((row) => `| ${row} |`).join('\n')}

What is held at this moment: ${'`'}roomful_connections${'`'}, ${'`'}roomful_waiting_connections${'`'}, ${'`'}roomful_paused_sockets${'`'},
${'`'}roomful_send_buffer_bytes${'`'}, ${'`'}roomful_answer_bytes${'`'}, ${'`'}roomful_unsaved_bytes${'`'}, ${'`'}roomful_rooms${'`'}.
`
}

/**
 * @param {number} value
 * @param {string} unit
 * @returns {string}
 */
function amount(value, unit) {
  const grouped = (/** @type {number} */ number) => String(number).replaceAll(/\B(?=(\d{3})+$)/g, ',')
  if (unit === 'bytes per second') return `${amount(value, 'bytes')} per second`
  if (unit === 'bytes') {
    if (value % 2 ** 20 === 0) return `${grouped(value / 2 ** 20)} MiB`
    if (value % 2 ** 10 === 0) return `${grouped(value / 2 ** 10)} KiB`
    return `${grouped(value)} bytes`
  }
  if (unit === 'ms') return value % 1_000 === 0 ? `${grouped(value / 1_000)} s` : `${grouped(value)} ms`
  return unit === 'count' ? grouped(value) : `${grouped(value)} ${unit}`
}
