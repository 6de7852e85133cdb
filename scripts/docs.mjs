// npm run docs [-- --serve --port N]: builds the reference from the comments of the sources, with the guides, as a web site in out/docs, and
// checks every link in it. Ends with where to open it, or serves it.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describeOptions, OptionError, parseOptions } from './options.mjs';
import { ensureDependencies, generateSources, root, SetupError } from './setup/index.mjs';

const table = {
  serve: { help: 'serve the site until Ctrl-C, instead of only building it', flag: true },
  port: { value: 'N', help: 'the port to listen on', default: '5180', minimum: 1 },
};
const folder = join(root, 'out/docs');

async function main() {
  const argv = process.argv.slice(2);
  if (argv.includes('--help') || argv.includes('-h')) {
    console.log(`npm run docs [-- options]\n\n${describeOptions(table)}`);
    return;
  }
  const options = parseOptions(table, argv);
  if (Number(options.port) > 65535) throw new OptionError('--port is at most 65535');
  ensureDependencies();
  generateSources();

  const { buildSite } = await import('./docs/site.mjs');
  const problems = await buildSite(folder);
  if (problems.length > 0)
    throw new SetupError(`npm run docs: ${problems.length} problem(s):\n${problems.join('\n')}`);
  if (options.serve) {
    const { serve } = await import('./docs/serve.mjs');
    const address = await serve(folder, Number(options.port));
    console.log(`\nThe documentation is at ${address} (Ctrl-C ends it)`);
  } else console.log(`\nOpen ${pathToFileURL(join(folder, 'index.html'))} in a browser`);
}

try {
  await main();
} catch (error) {
  const expected = error instanceof OptionError || error instanceof SetupError;
  console.error(expected ? `\n${error.message}` : error);
  process.exitCode = error instanceof OptionError ? 2 : 1;
}
