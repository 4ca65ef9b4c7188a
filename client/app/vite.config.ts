import react from '@vitejs/plugin-react'
import { defaultClientConditions, defineConfig, loadEnv } from 'vite'
import { compress } from './build/compress-plugin.ts'
import { offline } from './build/offline-plugin.ts'

export default defineConfig(({ mode }) => {
  const server = loadEnv(mode, '.', 'ROOMFUL_')['ROOMFUL_DEV_SERVER'] ?? 'http://127.0.0.1:3000'
  return {
    plugins: [react(), offline(), compress()],
    resolve: {
      // the workspace's packages from source: no build of theirs can be stale
      conditions: ['@roomful/source', ...defaultClientConditions],
      // two copies of yjs in one page break `instanceof`, two of React break hooks
      dedupe: ['yjs', 'lib0', 'y-protocols', 'react', 'react-dom'],
    },
    // every browser with the features of es2022 preloads modules by itself
    build: { target: 'es2022', modulePreload: { polyfill: false }, chunkSizeWarningLimit: 600 },
    server: {
      proxy: {
        '/ws': { target: server, ws: true },
        '/api': { target: server },
        '/healthz': { target: server },
      },
    },
  }
})
