// How each bundler builds the page of a project, as its users do by default. Each returns the folder to serve and what it warned of.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build as esbuild, version as esbuildVersion } from 'esbuild';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { rollup, VERSION as rollupVersion } from 'rollup';
import { build as vite, createLogger, createServer, version as viteVersion } from 'vite';
import webpack from 'webpack';
import { run } from './processes.mjs';

const require = createRequire(import.meta.url);
const parcel = require('parcel/package.json');

/** The page's script, and the one of its worker. */
const ENTRIES = ['page_with_worker', 'worker'];

/** The folder to serve, with an index.html for `page.js` in it. */
function output(project, page = 'page_with_worker.js') {
  const folder = join(project, 'dist');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'index.html'), pageOf(page));
  return folder;
}

export const pageOf = (script, head = '') =>
  `<!doctype html><meta charset="utf-8"><title>Packages</title>${head}<script type="module" src="./${script}"></script>\n`;

/** Vite's logger that keeps warnings and errors. */
function viteLogger(warnings) {
  const logger = createLogger('warn');
  logger.warn = logger.warnOnce = logger.error = (message) => warnings.push(message);
  return logger;
}

async function buildByVite(project) {
  const warnings = [];
  writeFileSync(join(project, 'index.html'), pageOf('page_with_worker.js'));
  await vite({
    root: project,
    configFile: false,
    customLogger: viteLogger(warnings),
    // A worker that loads parts of itself late cannot be of Vite's default format.
    worker: { format: 'es' },
    // What a page may weigh is no matter here.
    build: { chunkSizeWarningLimit: 10_000 },
  });
  return { folder: join(project, 'dist'), warnings };
}

async function serveByVite(project) {
  const warnings = [];
  writeFileSync(join(project, 'index.html'), pageOf('page_with_worker.js'));
  const server = await createServer({
    root: project,
    configFile: false,
    customLogger: viteLogger(warnings),
    server: {
      host: '127.0.0.1',
      port: 0,
      headers: {
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp',
      },
    },
  });
  await server.listen();
  const { port } = server.httpServer.address();
  return { url: `http://127.0.0.1:${port}`, warnings, close: () => server.close() };
}

async function buildByEsbuild(project, options) {
  const { warnings } = await esbuild({
    absWorkingDir: project,
    bundle: true,
    logLevel: 'silent',
    ...options,
  });
  return warnings.map(({ text }) => text);
}

async function buildByWebpack(project) {
  const folder = output(project);
  const compiler = webpack({
    mode: 'production',
    context: project,
    entry: './page_with_worker.js',
    output: { path: folder, filename: 'page_with_worker.js' },
    performance: false,
  });
  const stats = await new Promise((resolve, reject) =>
    compiler.run((error, result) => (error ? reject(error) : resolve(result))),
  );
  await new Promise((resolve) => compiler.close(resolve));
  const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  return { folder, warnings: warnings.map(({ message }) => message) };
}

async function buildByRollup(project) {
  const folder = output(project);
  const warnings = [];
  const bundle = await rollup({
    input: ENTRIES.map((name) => join(project, `${name}.js`)),
    plugins: [nodeResolve({ browser: true })],
    onwarn: ({ message }) => warnings.push(message),
  });
  await bundle.write({ dir: folder });
  await bundle.close();
  return { folder, warnings };
}

async function buildByParcel(project) {
  writeFileSync(join(project, 'index.html'), pageOf('page_with_worker.js'));
  const cli = join(require.resolve('parcel/package.json'), '..', parcel.bin);
  const args = ['build', 'index.html', '--dist-dir', 'dist', '--no-cache', '--no-content-hash'];
  const text = await run(process.execPath, [cli, ...args], { cwd: project });
  return { folder: join(project, 'dist'), warnings: text.match(/^.*(warn|⚠).*$/gim) ?? [] };
}

/** What a line of the report is called, how its page is built, and whether a worker comes with it. */
export const bundlers = [
  { name: `Vite ${viteVersion}`, build: buildByVite, worker: true },
  { name: `Vite ${viteVersion}, development`, build: serveByVite, worker: true },
  {
    name: `esbuild ${esbuildVersion}`,
    async build(project) {
      const folder = output(project);
      const warnings = await buildByEsbuild(project, {
        entryPoints: ENTRIES.map((name) => `${name}.js`),
        outdir: folder,
        format: 'esm',
        splitting: true,
        minify: true,
      });
      return { folder, warnings };
    },
    worker: true,
  },
  {
    name: `esbuild ${esbuildVersion}, one file`,
    async build(project) {
      const folder = output(project, 'page.js');
      const outfile = join(folder, 'page.js');
      // Names that are kept call a function of esbuild's, which a worker made of a function's text has not.
      const warnings = await buildByEsbuild(project, {
        entryPoints: ['page.js'],
        outfile,
        keepNames: true,
      });
      return { folder, warnings };
    },
    worker: false,
  },
  { name: `webpack ${webpack.version}`, build: buildByWebpack, worker: true },
  { name: `rollup ${rollupVersion}`, build: buildByRollup, worker: true },
  {
    name: `Parcel ${parcel.version}`,
    build: buildByParcel,
    worker: true,
    packageJson: {
      // Parcel reads `exports` only where the program's package.json says so.
      '@parcel/resolver-default': { packageExports: true },
      // A Worker does not find what Parcel puts into a bundle of its own for several others.
      '@parcel/bundler-default': { disableSharedBundles: true },
    },
  },
];
