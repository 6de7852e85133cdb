// npm start [-- NAME] [options]: installs the npm packages, and with --device webgpu what else is missing; bundles
// examples/NAME/main.ts, and runs it in Node or in Deno.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describeOptions, OptionError, parseOptions, withDevice } from './options.mjs';
import {
  ensureDependencies,
  ensureLavapipe,
  ensureWebGPU,
  findGpu,
  generateSources,
  root,
  say,
  SetupError,
} from './setup/index.mjs';

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
  --runtime node|deno        where it runs (default: node)
  --yes                      with --device webgpu: install missing system packages without asking
  --help                     this text`;
}

/** Bundles the example and the library into one file with Vite, which the tests need anyway: Node 20 cannot run TypeScript. */
async function bundle(name, runtime) {
  const { build } = await import('vite');
  const outDir = join(root, '.cache', 'examples', name);
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    // Deno cannot resolve packages from the folder of the bundle.
    ssr: { external: ['webgpu'], ...(runtime === 'deno' && { noExternal: true }) },
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

/** The arguments for Node that run a file in one of the runtimes; Deno is an npm package. */
function commandOf(file, runtime) {
  if (runtime === 'node') return ['--enable-source-maps', file];
  const deno = createRequire(import.meta.url).resolve('deno/package.json');
  return [join(dirname(deno), 'bin.cjs'), 'run', '--allow-all', '--no-lock', '--no-config', file];
}

/**
 * Environment variables that choose an adapter: for Node what Dawn finds, for Deno lavapipe or, where that cannot be had, the same, unless
 * one is set already.
 */
async function environment(runtime, yes) {
  if (runtime === 'deno') {
    if (process.env.VK_ICD_FILENAMES) return {};
    const env = await ensureLavapipe({ yes });
    if (env) return env;
  }
  return (await ensureWebGPU({ yes })).env;
}

/**
 * The options that name the device where the user has not: a machine on which Dawn finds no GPU computes with WebAssembly, for which nothing
 * is installed. Where there is a GPU, the program asks for the best device itself.
 */
function deviceOptions() {
  const { gpu, reason } = findGpu();
  if (gpu) {
    say(`GPU: ${gpu}`);
    return [];
  }
  say(`no GPU (${reason}): WebAssembly computes, which needs neither a browser nor a driver`);
  return ['--device', 'wasm'];
}

/** Removes `--runtime` from the arguments, and returns its value. */
function takeRuntime(argv) {
  const at = argv.findIndex((option) => /^--runtime(=|$)/.test(option));
  if (at < 0) return 'node';
  const [option] = argv.splice(at, 1);
  const value = option.includes('=') ? option.split('=')[1] : argv.splice(at, 1)[0];
  if (value === 'node' || value === 'deno') return value;
  throw new OptionError(`--runtime is one of node, deno; got '${value}'`);
}

/** Runs the example and returns its exit code. Ctrl-C goes to the example directly, which stops when it is ready. */
function runExample(command, argv, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...command, ...argv], {
      cwd: root,
      // Vulkan drivers print warnings if the variable is missing, as in a container.
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
  const table = withDevice(
    existsSync(tableFile) ? JSON.parse(readFileSync(tableFile, 'utf8')) : {},
  );
  if (argv.includes('--help') || argv.includes('-h')) {
    console.log(help(name, table));
    return 0;
  }
  const own = argv.filter((option) => option !== '--yes');
  const runtime = takeRuntime(own);
  const options = parseOptions(table, own);

  ensureDependencies();
  if (options.device === undefined) own.push(...deviceOptions());
  const env = options.device === 'webgpu' ? await environment(runtime, argv.includes('--yes')) : {};
  generateSources();
  return runExample(commandOf(await bundle(name, runtime), runtime), own, env);
}

try {
  process.exitCode = await main();
} catch (error) {
  const expected = error instanceof OptionError || error instanceof SetupError;
  console.error(expected ? `\n${error.message}` : error);
  process.exitCode = error instanceof OptionError ? 2 : 1;
}
