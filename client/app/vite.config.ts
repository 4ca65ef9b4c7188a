import { fileURLToPath } from 'node:url'
import preact from '@preact/preset-vite'
import { defaultClientConditions, defineConfig, loadEnv } from 'vite'
import { compress } from './build/compress-plugin.ts'
import { offline } from './build/offline-plugin.ts'
import { preload } from './build/preload-plugin.ts'

export default defineConfig(({ mode }) => {
  const server = loadEnv(mode, '.', 'ROOMFUL_')['ROOMFUL_DEV_SERVER'] ?? 'http://127.0.0.1:3000'
  return {
    plugins: [
      preact({ devtoolsInProd: true }),
      preload(['shell/RoomEntry.tsx', 'board/board-parts.ts']),
      offline(),
      compress(),
    ],
    resolve: {
      alias: { 'lib0/logging': fileURLToPath(new URL('src/quiet-logging.ts', import.meta.url)) },
      // the workspace's packages from source: no build of theirs can be stale
      conditions: ['@roomful/source', ...defaultClientConditions],
      // two copies of yjs in one page break `instanceof`, two of Preact break hooks
      dedupe: ['yjs', 'lib0', 'y-protocols', 'preact'],
    },
    // every browser with the features of es2022 preloads modules by itself
    build: {
      target: 'es2022',
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 600,
      rolldownOptions: {
        output: {
          // what is always loaded together is one file, which compresses better than twenty; and what a deploy of ours
          // does not change keeps its name
          codeSplitting: {
            groups: [
              { name: 'preact', test: /node_modules\/(preact|wouter)\//, priority: 3 },
              { name: 'names', test: /shared\/src\/room-name/, priority: 2 },
              {
                name: 'room',
                test: /(node_modules\/yjs|shared\/src|client\/(provider|react)\/src)\//,
                priority: 1,
              },
            ],
          },
        },
      },
    },
    server: {
      proxy: {
        '/ws': { target: server, ws: true },
        '/api': { target: server },
        '/healthz': { target: server },
      },
    },
  }
})
