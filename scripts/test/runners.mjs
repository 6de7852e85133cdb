// What runs the tests: Chromium all of them, Node and Deno the smoke set and on WebAssembly PyTorch's numbers, Deno on lavapipe what only
// that driver shows, and Node the tests that start every example as a program.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureChromium, ensureLavapipe, ensureWebGPU, root } from '../setup/index.mjs';

/** Mesa's software driver has float16, and counts loop iterations. */
const LAVAPIPE_TESTS = ['test/training/quantize.test.ts', 'test/webgpu/loop-iterations.test.ts'];
/** PyTorch's numbers: WebGPU computes the same everywhere, but each engine has its own WebAssembly. */
const GOLDEN = 'test/golden/';
/** They start programs, and run in Node alone. */
const PROGRAMS = 'test/programs/';

const allTests = () =>
  readdirSync(join(root, 'test'), { recursive: true })
    .map((name) => `test/${name.replaceAll('\\', '/')}`)
    .filter((name) => name.endsWith('.test.ts'))
    .sort();

/**
 * The runners and the test files of each.
 *
 * `setup` resolves to the environment variables that the runner needs, installing what is missing where that is allowed, or to null where the
 * runner cannot be had here; `needs` says what it is then that is missing. `args` are those of Node for a list of files.
 *
 * @param {{ yes?: boolean }} options those of the set-up
 */
function allRunners(options) {
  const every = allTests();
  const smoke = JSON.parse(readFileSync(join(root, 'test/smoke.json'), 'utf8'));
  const bundled = (runtime) => (files) => ['scripts/smoke.mjs', runtime, ...files];
  // Looked for once, and only where it is needed.
  let found;
  const adapter = () => (found ??= ensureWebGPU(options).then(({ env }) => env));
  return [
    {
      name: 'Chromium',
      files: every.filter((file) => !file.startsWith(PROGRAMS)),
      args: (files) => [
        'node_modules/vitest/vitest.mjs',
        'run',
        '--reporter=default',
        '--reporter=./scripts/test/vitest-reporter.mjs',
        ...files,
      ],
      async setup() {
        await ensureChromium(options);
        return {};
      },
    },
    { name: 'Node', files: smoke, args: bundled('node'), setup: adapter },
    { name: 'Deno', files: smoke, args: bundled('deno'), setup: adapter },
    {
      name: 'Deno, lavapipe',
      files: LAVAPIPE_TESTS,
      args: bundled('deno'),
      needs: "lavapipe, Mesa's software driver, which only a package manager installs",
      async setup() {
        const env = await ensureLavapipe(options);
        return env && { ...env, GATEFOLD_FLOAT16: 'required' };
      },
    },
    ...['Node', 'Deno'].map((runtime) => ({
      name: `${runtime}, WebAssembly`,
      files: every.filter((file) => file.startsWith(GOLDEN)),
      args: bundled(runtime.toLowerCase()),
      setup: async () => ({ GATEFOLD_DEVICES: 'wasm' }),
    })),
    {
      name: 'Programs',
      files: every.filter((file) => file.startsWith(PROGRAMS)),
      args: bundled('node'),
      setup: adapter,
    },
  ];
}

/** True where the file's path contains one of the patterns, or there are none. */
export const matches = (file, patterns) =>
  patterns.length === 0 ||
  patterns.some((pattern) => file.includes(pattern.replaceAll('\\', '/').replace(/^\.\//, '')));

/**
 * The runners that have files with one of the patterns in their path, and those files; all where there is no pattern.
 *
 * @param {string[]} patterns
 * @param {{ yes?: boolean }} [options] those of the set-up
 */
export const runnersFor = (patterns, options = {}) =>
  allRunners(options)
    .map((runner) => ({
      ...runner,
      files: runner.files.filter((file) => matches(file, patterns)),
    }))
    .filter(({ files }) => files.length > 0);
