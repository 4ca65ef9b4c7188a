/**
 * How often `npm run test:long` multiplies seeded runs: 1 in `npm test`. Set by `ROOMFUL_SEEDS`, for example
 * `ROOMFUL_SEEDS=20 npx vitest run --project unit server/src/room`.
 */
export const SEEDS_FACTOR = parseFactor(process.env['ROOMFUL_SEEDS'])

/**
 * The seeds of a test: 1 … `count`, `ROOMFUL_SEEDS` times as many in long runs.
 *
 * @example for (const seed of seeds(500)) simulate(seed)
 */
export function seeds(count: number): number[] {
  return Array.from({ length: count * SEEDS_FACTOR }, (_, index) => index + 1)
}

function parseFactor(text: string | undefined): number {
  if (text === undefined || text === '') return 1
  const factor = Number(text)
  if (!Number.isInteger(factor) || factor < 1)
    throw new RangeError(`ROOMFUL_SEEDS must be a whole number from 1, not ${text}`)
  return factor
}
