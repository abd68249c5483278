import { defineConfig } from 'vitest/config'
import { compress } from '../build/compress.ts'

// What the pages are built into, where the Go program embeds it.
const out = '../../internal/edge/web/files/h5'

// One entry a page (NAME.html), and what has no hash in its name: the service worker, and
// the script that other sites load.
const entries = {
  counter: 'counter.html',
  phone: 'phone.html',
  'widget-card': 'widget.html',
  widget: 'src/widget/embed.ts',
  'counter-sw': 'src/counter/sw.ts',
}

export default defineConfig({
  base: '/h5/',
  plugins: [compress(out)],
  html: { cspNonce: '__NONCE__' },
  build: {
    outDir: out,
    emptyOutDir: true,
    target: 'es2017', // WebViews of phones that are long in use,
    assetsInlineLimit: 0, // inlined files would need data: in the policy
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: entries,
      output: { entryFileNames: (chunk) => ((chunk.name === 'counter-sw' || chunk.name === 'widget') ? '[name].js' : 'assets/[name]-[hash].js') },
    },
  },
  server: { proxy: { '/v1': 'http://127.0.0.1:8080' } },
  test: { environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'] },
})
