// Runs the tests in test/smoke.json in Node or in Deno, without Vitest: Vite bundles them into one file, in which
// test/support/shim.ts replaces `vitest`.
//   node scripts/smoke.mjs node|deno [test/a.test.ts ...]
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { vulkanEnvironment } from './chromium.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, '.cache/smoke');

const [runtime, ...named] = process.argv.slice(2);
if (runtime !== 'node' && runtime !== 'deno') {
  console.error('usage: node scripts/smoke.mjs node|deno [test/a.test.ts ...]');
  process.exit(2);
}
const files =
  named.length > 0
    ? named.map((file) => relative(root, resolve(file)).replaceAll('\\', '/'))
    : JSON.parse(readFileSync(join(root, 'test/smoke.json'), 'utf8'));

/** The entry of the bundle: runs the files, appends each result, and ends the process, which Dawn would keep alive. */
const entry = `
import { appendFileSync } from 'node:fs';
import process from 'node:process';
import { run } from '/test/support/shim.ts';
const path = process.env.GATEFOLD_RESULTS;
const report = await run(
  {
${files.map((file) => `    ${JSON.stringify(file)}: () => import(${JSON.stringify(`/${file}`)}),`).join('\n')}
  },
  console.log,
  (result) => path && appendFileSync(path, JSON.stringify(result) + '\\n'),
);
console.log(\`\${report.passed} passed, \${report.failed} failed, \${report.skipped} skipped\`);
process.exit(report.failed > 0 ? 1 : 0);
`;

async function bundle() {
  const name = `smoke-${runtime}-${process.pid}`;
  mkdirSync(folder, { recursive: true });
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    // Programs of the gallery import the library by its name.
    resolve: {
      alias: [
        { find: 'vitest', replacement: join(root, 'test/support/shim.ts') },
        { find: /^gatefold$/, replacement: join(root, 'src/index.ts') },
        { find: /^gatefold\/(.*)$/, replacement: join(root, 'src/$1/index.ts') },
      ],
    },
    // Deno cannot resolve packages from the folder of the bundle.
    ssr: { noExternal: ['papaparse'] },
    plugins: [
      {
        name: 'smoke-entry',
        resolveId: (id) => (id === 'virtual:smoke' ? '\0smoke' : null),
        load: (id) => (id === '\0smoke' ? entry : null),
      },
    ],
    build: {
      ssr: true,
      target: 'es2022',
      outDir: folder,
      emptyOutDir: false,
      minify: false,
      sourcemap: 'inline',
      reportCompressedSize: false,
      rolldownOptions: {
        input: 'virtual:smoke',
        external: ['webgpu', /^node:/],
        output: { codeSplitting: false, entryFileNames: `${name}.mjs` },
      },
    },
  });
  return join(folder, `${name}.mjs`);
}

function command(file) {
  if (runtime === 'node') return [process.execPath, ['--enable-source-maps', file]];
  const require = createRequire(import.meta.url);
  const executable = join(dirname(require.resolve('deno/package.json')), 'bin.cjs');
  return [process.execPath, [executable, 'run', '--allow-all', '--no-lock', '--no-config', file]];
}

const file = await bundle();
const [executable, args] = command(file);
const { status, signal, error } = spawnSync(executable, args, {
  cwd: root,
  stdio: 'inherit',
  // The software driver prints warnings if XDG_RUNTIME_DIR is not set, as without a desktop session.
  env: { XDG_RUNTIME_DIR: tmpdir(), ...process.env, ...vulkanEnvironment() },
});
rmSync(file);
if (error) console.error(`${runtime}: ${error.message}`);
else if (signal) console.error(`${runtime}: ended by ${signal}`);
process.exit(status ?? 1);
