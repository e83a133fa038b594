// Bundles the product and the playground page into dist/. Runs as `prepare`, so that nothing is compiled when the demo starts.
// Types are looked at by `npm run check`: whoever installs should not wait for that.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const dist = path.join(root, 'dist');
const startedAtMs = Date.now();

/** What is started by its name: the command line, the thread that builds large indexes, and what scripts and tests load. */
const entries = {
  'bin/steward': 'bin/steward.ts',
  // Beside the chunk that starts it, as in the sources.
  'chunks/index-worker': 'src/catalog/search/worker/index-worker.ts',
  'src/app': 'src/app.ts',
  'src/contract/pages': 'src/contract/pages.ts',
  'src/contract/connectors': 'src/contract/connectors.ts',
  'src/contract/coverage': 'src/contract/coverage.ts',
  'src/db/embedded/server': 'src/db/embedded/server.ts',
  'playground/published': 'playground/published.ts',
  'demo/generate/main': 'demo/generate/main.ts',
  'bench/search': 'bench/search.ts',
  'bench/alerts': 'bench/alerts.ts',
};

/** Packages that read files of their own, or are programs: left where npm put them. All others are bundled, which halves the start. */
const leftInPlace = JSON.parse(readFileSync(path.join(root, 'scripts', 'left-in-place.json'), 'utf8'));

/**
 * Receivers of Bolt that Steward never makes (src/slack has its own for Socket Mode): with Express and undici they are half of what a start
 * would have to read. Whoever made one would be told that it is no constructor. The build fails where Bolt no longer has one of them by this
 * name: its successor would be read at every start, and nobody would hear of it.
 */
const unusedNames = ['AwsLambdaReceiver', 'ExpressReceiver', 'SocketModeReceiver'];
const leftOut = new Set();
const unusedReceivers = {
  name: 'unused-receivers',
  enforce: 'pre',
  resolveId: (id, importer) => {
    const name = unusedNames.find((one) => id === `./receivers/${one}`);
    if (name === undefined || !importer?.includes('/@slack/bolt/')) return undefined;
    leftOut.add(name);
    return '\0unused-receiver.cjs';
  },
  load: (id) => (id === '\0unused-receiver.cjs' ? 'exports.default = undefined;' : undefined),
  buildEnd: (error) => {
    const missing = unusedNames.filter((name) => !leftOut.has(name));
    if (!error && missing.length > 0)
      throw new Error(
        `Bolt has no ${missing.join(', ')} any more: look what it has instead, in scripts/build.mjs`,
      );
  },
};

if (!existsSync(path.join(root, 'node_modules', 'vite'))) {
  // `npm ci --omit=dev` of an already built tree: there is nothing to build with, and nothing to build.
  if (existsSync(path.join(dist, 'bin', 'steward.js'))) process.exit(0);
  console.error('build: development packages are missing; run `npm ci` without --omit=dev once');
  process.exit(1);
}
const { build } = await import('vite');

async function step(label, options) {
  const began = Date.now();
  await build({ logLevel: 'warn', ...options });
  console.log(`build: ${label} ${((Date.now() - began) / 1000).toFixed(1)} s`);
}

for (const old of existsSync(dist) ? readdirSync(dist) : [])
  if (old !== 'playground') rmSync(path.join(dist, old), { recursive: true, force: true });
await step('code', {
  configFile: false,
  root,
  publicDir: false,
  plugins: [unusedReceivers],
  ssr: { noExternal: true, external: leftInPlace },
  build: {
    ssr: true,
    target: 'node20',
    outDir: dist,
    emptyOutDir: false,
    minify: false,
    rollupOptions: {
      input: Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, path.join(root, file)])),
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name].js' },
    },
  },
});
await step('page', { root: path.join(root, 'playground', 'page') });
console.log(`build: done in ${((Date.now() - startedAtMs) / 1000).toFixed(1)} s`);
