import { Redis } from '@hocuspocus/extension-redis'
import { Server } from '@hocuspocus/server'

// Hocuspocus with its default settings; several instances share the Redis of REDIS_PORT.
const redisPort = process.env.REDIS_PORT
await new Server({
  port: Number(process.env.PORT),
  address: '127.0.0.1',
  quiet: true,
  stopOnSignals: false,
  extensions: redisPort === undefined ? [] : [new Redis({ host: '127.0.0.1', port: Number(redisPort) })],
}).listen()
