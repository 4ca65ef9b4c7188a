import { createServer } from 'node:http'
import { RedisPersistence } from 'y-redis'
import WebSocket from 'ws'
import { setPersistence, setupWSConnection } from '@y/websocket-server/utils'

// y-websocket's server with y-redis's own class as its persistence, as its README shows.
const persistence = new RedisPersistence({
  redisOpts: { port: Number(process.env.REDIS_PORT), host: '127.0.0.1' },
})
setPersistence({
  provider: persistence,
  bindState: (name, doc) => persistence.bindState(name, doc).synced,
  writeState: async () => {},
})
const server = createServer((_request, response) => response.end())
const sockets = new WebSocket.Server({ server })
sockets.on('connection', (socket, request) => setupWSConnection(socket, request))
server.listen(Number(process.env.PORT), '127.0.0.1')
