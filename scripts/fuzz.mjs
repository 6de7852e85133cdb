// npm run fuzz [-- options]: bundles test/fuzz with the library, and runs its cases in processes that may be ended. `--help` says more.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { vulkanEnvironment } from './chromium.mjs';
import { describeOptions, OptionError, parseOptions } from './options.mjs';
import { ensureDependencies, root } from './setup/index.mjs';

const OPTIONS = {
  seconds: { help: 'how long to go on', value: 'N', minimum: 1, default: '60' },
  seed: { help: 'of all choices; another one every day by default', value: 'N', minimum: 0 },
  only: { help: 'the kinds to try, with commas between them: models, formats, …', value: 'KINDS' },
  short: { help: 'the cases that are part of npm test, instead of --seconds', flag: true },
  case: {
    help: 'one case, by its number, of the one kind that --only names',
    value: 'N',
    minimum: 0,
  },
  from: { help: 'the number of the first case', value: 'N', minimum: 0, default: '0' },
  device: {
    help: 'where to compute; by default cpu and wasm take turns',
    choices: ['cpu', 'wasm', 'webgpu'],
  },
  workers: {
    help: 'processes side by side; by default 2, or as many as there are cores',
    value: 'N',
    minimum: 1,
  },
  memory: { help: 'MiB that a process may take', value: 'N', minimum: 100, default: '1536' },
  limit: { help: 'seconds after which a case hangs', value: 'N', minimum: 1, default: '20' },
};

/** Bundles what runs the cases and the library, as Node cannot run TypeScript. */
async function bundle(outDir) {
  const { build } = await import('vite');
  const entry = (name) => join(root, `test/fuzz/${name}.ts`);
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      ssr: true,
      target: 'es2022',
      outDir,
      minify: false,
      sourcemap: true,
      reportCompressedSize: false,
      rolldownOptions: {
        input: {
          main: entry('main'),
          child: entry('child'),
          kinds: entry('counts'),
          library: entry('library'),
        },
        external: ['webgpu', 'papaparse', /^node:/],
        output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
      },
    },
  });
}

function kindsOf(only, { COUNTS: all, DEFAULT }) {
  const names = only?.split(',') ?? DEFAULT;
  const unknown = names.find((name) => !Object.hasOwn(all, name));
  if (unknown !== undefined)
    throw new OptionError(`--only takes ${DEFAULT.join(', ')}; got '${unknown}'`);
  return Object.fromEntries(names.map((name) => [name, all[name]]));
}

async function main() {
  const argv = process.argv.slice(2);
  if (argv.includes('--help') || argv.includes('-h')) {
    console.log(`npm run fuzz -- [options]\n\n${describeOptions(OPTIONS)}`);
    return 0;
  }
  const options = parseOptions(OPTIONS, argv);
  ensureDependencies();
  mkdirSync(join(root, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(root, '.cache/fuzz-'));
  const temporary = mkdtempSync(join(tmpdir(), 'gatefold-fuzz-'));
  try {
    await bundle(folder);
    const load = (name) => import(pathToFileURL(join(folder, `${name}.mjs`)).href);
    const [{ fuzz }, counts] = await Promise.all([load('main'), load('kinds')]);
    const isShort = options.short !== undefined;
    const { done, stop } = fuzz({
      kinds: kindsOf(options.only, counts),
      parts: counts.PARTS,
      seed: Number(options.seed ?? (isShort ? 1 : Math.floor(Date.now() / 86_400_000))),
      seconds: isShort || options.case !== undefined ? null : Number(options.seconds),
      from: Number(options.from),
      index: options.case === undefined ? null : Number(options.case),
      device: options.device ?? null,
      workers: Number(options.workers ?? Math.min(2, availableParallelism())),
      caseSeconds: Number(options.limit),
      processMebibytes: Number(options.memory),
      env: {
        ...process.env,
        ...vulkanEnvironment(),
        TMPDIR: temporary,
        GATEFOLD_FUZZ_ROOT: root,
        GATEFOLD_FUZZ_LIBRARY: pathToFileURL(join(folder, 'library.mjs')).href,
      },
      print: (line) => console.log(line),
    });
    // Ctrl-C reaches the processes too; what they leave undone then is nothing that was found.
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop);
    return (await done) > 0 ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(temporary, { recursive: true, force: true });
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof OptionError ? error.message : error);
  process.exitCode = error instanceof OptionError ? 2 : 1;
}
