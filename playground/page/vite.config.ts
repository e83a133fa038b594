import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// Relative addresses, so that the page works wherever the stand-in serves it from; no inlined assets, so that
// its content security policy needs neither 'unsafe-inline' nor data: scripts.
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react()],
  build: {
    outDir: '../../dist/playground/page',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
});
