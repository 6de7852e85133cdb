// How the gallery is built: one page for each folder, and one of all of them.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformWithOxc } from 'vite';
import { DATA } from './data.mjs';
import { writeServiceWorker } from './offline.mjs';
import { projects } from './projects.mjs';

const demo = fileURLToPath(new URL('.', import.meta.url));
const root = join(demo, '..');

/** The entries of pages.ts, by the path of their HTML. */
async function readPages() {
  const file = join(demo, 'pages.ts');
  const { code } = await transformWithOxc(readFileSync(file, 'utf8'), file);
  const { PAGES } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  return new Map(PAGES.map((page) => [join(demo, page.folder, 'index.html'), page]));
}

const htmlOf = ({ title, description }) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <meta name="description" content="${description}" />
    <title>${title} · Gatefold</title>
    <link rel="icon" href="data:," />
  </head>
  <body>
    <script type="module" src="page.ts"></script>
  </body>
</html>
`;

/** Pages whose HTML is no file: they differ in their titles and descriptions alone. */
const shells = (pages) => ({
  name: 'gallery-shells',
  enforce: 'pre',
  resolveId: (id) => (pages.has(id) && !existsSync(id) ? id : null),
  load: (id) => (pages.has(id) && !existsSync(id) ? htmlOf(pages.get(id)) : null),
});

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
  writeBundle: () => writeServiceWorker(outDir),
});

/**
 * @param outDir where the pages are written
 * @returns {Promise<import('vite').InlineConfig>} what Vite is to be called with
 */
export async function configuration(outDir) {
  const pages = await readPages();
  const folders = [...pages.values()].map(({ folder }) => folder);
  return {
    root: demo,
    base: './',
    configFile: false,
    appType: 'mpa',
    logLevel: 'warn',
    publicDir: false,
    plugins: [shells(pages), data, projects(root, folders), offline(outDir)],
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
        input: [join(demo, 'index.html'), ...pages.keys()],
      },
    },
  };
}
