// How the gallery is served and built: one page for each folder, and one of all of them.
import { readdirSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const demo = fileURLToPath(new URL('.', import.meta.url));
const root = join(demo, '..');

export const pages = readdirSync(demo).filter((name) => existsSync(join(demo, name, 'index.html')));

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
