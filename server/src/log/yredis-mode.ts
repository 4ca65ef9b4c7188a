/**
 * How rooms are kept in y-redis's layout as well: `live` always, `auto` only while a process that uses y-redis listens,
 * `off` not at all.
 */
export type YRedisMode = 'live' | 'auto' | 'off'

/** Names the writer of entries that came from y-redis's list: nobody's instance. */
export const YREDIS_WRITER = 'y-redis'
