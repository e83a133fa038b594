import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Every browser that can show the page reads woff2: the older format of the same fonts would double what is shipped. */
const woff2Only: Plugin = {
  name: 'woff2-only',
  enforce: 'pre',
  transform: (code, id) =>
    id.includes('@fontsource') && id.endsWith('.css')
      ? code.replaceAll(/, url\([^)]*\.woff\) format\('woff'\)/g, '')
      : null,
};

// Relative addresses, so that the page works wherever the stand-in serves it from; no inlined assets, so that
// its content security policy needs neither 'unsafe-inline' nor data: scripts.
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [woff2Only, react()],
  build: {
    outDir: '../../dist/playground/page',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
});
