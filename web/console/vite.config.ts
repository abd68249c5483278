import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { compress } from '../build/compress.ts'

// What the console is built into, where the Go program embeds it.
const out = '../../internal/edge/web/files/console'

export default defineConfig({
  base: '/console/',
  plugins: [react(), compress(out)],
  html: { cspNonce: '__NONCE__' },
  resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
  build: {
    outDir: out,
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0, // inlined files would need data: in the policy
    chunkSizeWarningLimit: 2000,
    modulePreload: { polyfill: false },
    // Few files: what the frame and the first page need comes first, what pages share beside it (tables, pickers)
    // with the first that needs it, and each area is a file of its own.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'charts', test: /node_modules\/(echarts|zrender|tslib)\//, priority: 3 },
            { name: 'base', test: /src\/(main|shell\/|areas\/home\/)/, priority: 2 },
            { name: 'parts', test: /node_modules\/|src\/(parts|api)\//, priority: 1 },
            { debugName: 'area', name: (id: string) => /src\/areas\/([^/]+)\/(?!index\.tsx)/.exec(id)?.[1] ?? null, test: /src\/areas\/[^/]+\//, priority: 0 },
          ],
        },
      },
    },
  },
  server: { proxy: { '/v1': 'http://127.0.0.1:8080' } },
  test: { environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'], setupFiles: ['src/testing.ts'] },
})
