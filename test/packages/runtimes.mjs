// How the installed package is run without a page: in Node and in Deno. Each returns the numbers that the program printed.
import { symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { vulkanEnvironment } from '../../scripts/chromium.mjs';
import { run } from './processes.mjs';
import { asCommonJs, byPath } from './projects.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const own = createRequire(import.meta.url);
const fromRoot = createRequire(join(root, 'package.json'));

/** The command of an npm package, as a file for Node. */
const commandOf = (require, name, file) =>
  join(dirname(require.resolve(`${name}/package.json`)), file);
const tsx = () => commandOf(own, 'tsx', 'dist/cli.mjs');
const deno = () => commandOf(fromRoot, 'deno', 'bin.cjs');

async function node(project, args, env) {
  const text = await run(process.execPath, args, { cwd: project, env });
  return JSON.parse(text.trim().split('\n').at(-1));
}

const DENO = ['run', '--allow-all', '--no-lock', '--cached-only'];

/** What a line of the report is called, and what it runs; a case without numbers has only to succeed. */
export const runtimes = [
  {
    name: `Node ${process.versions.node}, import`,
    run: (projects) => node(projects.make('node'), ['terminal.js', 'saved', 'wasm', 'wasm:2']),
  },
  {
    name: 'Node, import, with the package webgpu',
    run(projects) {
      const project = projects.make('dawn');
      symlinkSync(
        join(root, 'node_modules/webgpu'),
        join(project, 'node_modules/webgpu'),
        'junction',
      );
      return node(project, ['terminal.js', 'saved', 'webgpu'], vulkanEnvironment());
    },
  },
  {
    name: 'Node, require',
    run: (projects) =>
      node(projects.make('require', { packageJson: { type: 'commonjs' }, edit: asCommonJs }), [
        'terminal.js',
        'saved',
        'wasm',
        'wasm:2',
      ]),
  },
  {
    name: 'tsx',
    run: (projects) => node(projects.make('tsx'), [tsx(), 'typed.ts', 'saved', 'wasm', 'wasm:2']),
  },
  {
    // It requires its own copy of the library, and what that imports late comes with another one.
    name: 'tsx that makes CommonJS of the program is told to use ES modules',
    async run(projects) {
      const project = projects.make('tsx_commonjs', { packageJson: { type: 'commonjs' } });
      const result = await node(project, [tsx(), 'typed.ts', 'saved', 'wasm']).then(
        () => 'it worked',
        ({ message }) => message,
      );
      if (!result.includes('gatefold is loaded twice')) throw new Error(result);
    },
  },
  {
    name: 'Deno, by the name of the package',
    run: (projects) =>
      node(
        projects.make('deno'),
        [deno(), ...DENO, 'terminal.js', 'saved', 'wasm', 'wasm:2', 'webgpu'],
        vulkanEnvironment(),
      ),
  },
  {
    name: 'Deno, by path',
    run: (projects) =>
      node(projects.make('deno_path', { edit: byPath(projects.paths) }), [
        deno(),
        ...DENO,
        'terminal.js',
        'saved',
        'wasm',
      ]),
  },
  {
    name: 'Deno, types',
    async run(projects) {
      const project = projects.make('deno_types');
      await run(process.execPath, [deno(), 'check', '--no-lock', 'typed.ts'], { cwd: project });
    },
  },
];
