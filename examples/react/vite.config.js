import { defineConfig } from 'vite'

// one yjs and one React in the page: two copies break `instanceof` and hooks; rooms are served by a Roomful server beside this one
export default defineConfig({
  resolve: { dedupe: ['yjs', 'react', 'react-dom'] },
  server: {
    proxy: { '/ws': { target: process.env['ROOMFUL_SERVER'] ?? 'http://127.0.0.1:3000', ws: true } },
  },
})
