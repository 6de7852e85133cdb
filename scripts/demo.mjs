// npm run demo [-- --model FOLDER --port N]: builds the gallery in demo/ and serves it, one page with the model that npm start saved.
// npm run demo:build [-- --out FOLDER]: builds it into a folder that any web server can serve.
import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { describeOptions, OptionError, parseOptions } from './options.mjs';
import { ensureDependencies, generateSources, root, say, SetupError } from './setup/index.mjs';

const out = {
  value: 'FOLDER',
  help: 'where the pages are written',
  default: 'out/gallery',
};
const TABLES = {
  serve: {
    model: { value: 'FOLDER', help: 'where npm start saved the model', default: 'out/language' },
    port: {
      value: 'N',
      help: 'the port to listen on; the next free one',
      default: '5173',
      minimum: 1,
    },
    out,
  },
  build: { out },
};

/** Serves the files of the model under /saved/model/, from any folder. */
const serveModel = (folder) => ({
  name: 'serve-model',
  configurePreviewServer(server) {
    server.middlewares.use('/saved/model', (request, response) => {
      const file = join(folder, basename(new URL(request.url, 'http://localhost').pathname));
      response.setHeader('Cache-Control', 'no-store');
      if (!/\.(json|safetensors)$/.test(file) || !existsSync(file)) {
        response.statusCode = 404;
        response.end();
      } else response.end(readFileSync(file));
    });
  },
});

async function main() {
  const [command = 'serve', ...argv] = process.argv.slice(2);
  const table = TABLES[command];
  if (argv.includes('--help') || argv.includes('-h')) {
    const name = command === 'build' ? 'demo:build' : 'demo';
    console.log(`npm run ${name} [-- options]\n\n${describeOptions(table)}`);
    return;
  }
  const options = parseOptions(table, argv);
  if (Number(options.port) > 65535) throw new OptionError('--port is at most 65535');
  ensureDependencies();
  generateSources();
  const { build, preview } = await import('vite');
  const { configuration } = await import('../demo/vite.config.mjs');
  const outDir = resolve(root, options.out);
  const settings = await configuration(outDir);
  say('building the gallery');
  await build(settings);
  if (command === 'build') {
    console.log(`\nThe gallery is in ${outDir}: any web server can serve it.`);
    return;
  }

  const folder = resolve(root, options.model);
  if (!existsSync(join(folder, 'model.safetensors'))) {
    say(`there is no model in ${folder} yet: run npm start first; its page will find it then`);
  }
  const server = await preview({
    ...settings,
    plugins: [serveModel(folder)],
    preview: { host: '127.0.0.1', port: Number(options.port) },
  });
  console.log(`\nThe gallery is at ${server.resolvedUrls.local[0]} (Ctrl-C ends it)`);
}

try {
  await main();
} catch (error) {
  const expected = error instanceof OptionError || error instanceof SetupError;
  console.error(expected ? `\n${error.message}` : error);
  process.exitCode = error instanceof OptionError ? 2 : 1;
}
