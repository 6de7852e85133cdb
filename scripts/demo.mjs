// npm run demo [-- --model FOLDER --port N]: serves the pages in demo/, the first of them with the model that npm start saved.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { describeOptions, OptionError, parseOptions } from './options.mjs';
import { ensureDependencies, root, say, SetupError } from './setup/index.mjs';

const table = {
  model: { value: 'FOLDER', help: 'where npm start saved the model', default: 'out/language' },
  port: {
    value: 'N',
    help: 'the port to listen on; the next free one',
    default: '5173',
    minimum: 1,
  },
};

/** Serves the files of the model under /demo/model/, from any folder. */
const serveModel = (folder) => ({
  name: 'serve-model',
  configureServer(server) {
    server.middlewares.use('/demo/model', (request, response) => {
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
  const argv = process.argv.slice(2);
  if (argv.includes('--help') || argv.includes('-h')) {
    console.log(`npm run demo [-- options]\n\n${describeOptions(table)}`);
    return;
  }
  const options = parseOptions(table, argv);
  if (Number(options.port) > 65535) throw new OptionError('--port is at most 65535');
  ensureDependencies();
  const generate = spawnSync(process.execPath, [join(root, 'scripts/generate.mjs')], {
    cwd: root,
    stdio: 'inherit',
  });
  if (generate.status !== 0) throw new SetupError('scripts/generate.mjs failed (see above)');

  const folder = resolve(root, options.model);
  if (!existsSync(join(folder, 'model.safetensors'))) {
    say(`there is no model in ${folder} yet: run npm start first; the page will find it then`);
  }
  const { createServer } = await import('vite');
  const server = await createServer({
    root,
    configFile: false,
    appType: 'mpa',
    logLevel: 'warn',
    publicDir: false,
    optimizeDeps: { noDiscovery: true, include: ['@observablehq/plot'] },
    plugins: [serveModel(folder)],
    // No hot reload: text that the user has typed should stay.
    server: { host: '127.0.0.1', port: Number(options.port), hmr: false, watch: null },
  });
  await server.listen();
  const { port } = server.httpServer.address();
  const address = `http://127.0.0.1:${port}/demo/`;
  console.log(
    `\nThe demo is at ${address}, an amplifier that is learned at ${address}amplifier/ (Ctrl-C ends it)`,
  );
}

try {
  await main();
} catch (error) {
  const expected = error instanceof OptionError || error instanceof SetupError;
  console.error(expected ? `\n${error.message}` : error);
  process.exitCode = error instanceof OptionError ? 2 : 1;
}
