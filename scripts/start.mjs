// npm start [-- NAME] [options]: sets up what is missing, bundles examples/NAME/main.ts and runs it.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeOptions, OptionError, parseOptions } from './options.mjs';
import { ensureDependencies, ensureWebGPU, root, SetupError } from './setup/index.mjs';

const folder = join(root, 'examples');
const examples = () =>
  readdirSync(folder).filter((name) => existsSync(join(folder, name, 'main.ts')));

function help(name, table) {
  return `npm start -- [NAME] [options]

Runs an example (${examples().join(', ')}); without a name: language, which trains a recurrent
network to tell in which of 24 languages a sentence is.

Options of ${name}:
${describeOptions(table)}

Options of the set-up:
  --yes                      install missing system packages without asking
  --help                     this text`;
}

/** Node 20 does not read TypeScript: Vite, which the tests need anyway, makes one file of the example and the library. */
async function bundle(name) {
  const { build } = await import('vite');
  const outDir = join(root, '.cache', 'examples', name);
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    ssr: { external: ['webgpu'] },
    build: {
      ssr: join(folder, name, 'main.ts'),
      target: 'node20',
      outDir,
      emptyOutDir: true,
      sourcemap: true,
      rolldownOptions: { output: { entryFileNames: 'main.js', codeSplitting: false } },
    },
  });
  return join(outDir, 'main.js');
}

/** Runs the example and returns its exit code. Ctrl-C reaches it directly and it stops in its own time. */
function runExample(file, argv, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--enable-source-maps', file, ...argv], {
      cwd: root,
      // Vulkan drivers complain where the variable is missing, as in a container.
      env: { XDG_RUNTIME_DIR: tmpdir(), ...process.env, ...env },
      stdio: 'inherit',
    });
    process.on('SIGINT', () => {});
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}

async function main() {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    throw new SetupError(`Node 20 or later is needed; this is ${process.versions.node}.`);
  }
  const argv = process.argv.slice(2);
  const name = argv[0]?.startsWith('-') === false ? argv.shift() : 'language';
  if (!examples().includes(name)) {
    throw new OptionError(`there is no example '${name}'; there is: ${examples().join(', ')}`);
  }
  const tableFile = join(folder, name, 'options.json');
  const table = existsSync(tableFile) ? JSON.parse(readFileSync(tableFile, 'utf8')) : {};
  if (argv.includes('--help') || argv.includes('-h')) {
    console.log(help(name, table));
    return 0;
  }
  const own = argv.filter((option) => option !== '--yes');
  const options = parseOptions(table, own);

  ensureDependencies();
  const { env } =
    options.device === 'cpu' ? { env: {} } : await ensureWebGPU({ yes: argv.includes('--yes') });
  const generate = spawnSync(process.execPath, [join(root, 'scripts/generate.mjs')], {
    cwd: root,
    stdio: 'inherit',
  });
  if (generate.status !== 0) throw new SetupError('scripts/generate.mjs failed (see above)');
  return runExample(await bundle(name), own, env);
}

try {
  process.exitCode = await main();
} catch (error) {
  const expected = error instanceof OptionError || error instanceof SetupError;
  console.error(expected ? `\n${error.message}` : error);
  process.exitCode = error instanceof OptionError ? 2 : 1;
}
