import { Server } from '@hocuspocus/server'

// Hocuspocus with its default settings.
await new Server({
  port: Number(process.env.PORT),
  address: '127.0.0.1',
  quiet: true,
  stopOnSignals: false,
}).listen()
