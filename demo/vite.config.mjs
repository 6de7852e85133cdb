// How the gallery is served and built: one page for each folder, and one of all of them.
import { readdirSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DATA } from './data.mjs';
import { writeServiceWorker } from './offline.mjs';

const demo = fileURLToPath(new URL('.', import.meta.url));
const root = join(demo, '..');

export const pages = readdirSync(demo).filter((name) => existsSync(join(demo, name, 'index.html')));

/** Data that pages load late, as files of a folder. */
const data = {
  name: 'gallery-data',
  async generateBundle() {
    for (const [name, make] of Object.entries(DATA))
      this.emitFile({ type: 'asset', fileName: `data/${name}`, source: await make() });
  },
};

/** What keeps the pages for when there is no network; last, since it must know all files. */
const offline = (outDir) => ({
  name: 'gallery-offline',
  closeBundle: () => writeServiceWorker(outDir),
});

/**
 * @param outDir where the pages are written
 * @returns what Vite is to be called with
 */
export const configuration = (outDir) => ({
  root: demo,
  base: './',
  configFile: false,
  appType: 'mpa',
  logLevel: 'warn',
  publicDir: false,
  plugins: [data, offline(outDir)],
  resolve: {
    alias: [
      { find: /^gatefold$/, replacement: join(root, 'src/index.ts') },
      { find: /^gatefold\/(.*)$/, replacement: join(root, 'src/$1/index.ts') },
    ],
  },
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    outDir,
    emptyOutDir: true,
    reportCompressedSize: false,
    rolldownOptions: {
      input: [join(demo, 'index.html'), ...pages.map((name) => join(demo, name, 'index.html'))],
    },
  },
});
