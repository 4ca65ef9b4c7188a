import { defineConfig } from 'vite'

// one yjs in the page: two copies break `instanceof`; rooms are served by a Roomful server beside this one
export default defineConfig({
  resolve: { dedupe: ['yjs'] },
  server: {
    proxy: { '/ws': { target: process.env['ROOMFUL_SERVER'] ?? 'http://127.0.0.1:3000', ws: true } },
  },
})
