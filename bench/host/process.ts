/** Gatefold in Node (Dawn) or Deno, with a process for each session. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { ANSWER } from '../protocol.ts';
import type { Answer, Call } from '../protocol.ts';
import { PLAIN_HEAP_FLAGS } from './host.ts';
import type { Host, RemoteSession } from './host.ts';

export type Runtime = 'node' | 'deno';

export interface ProcessOptions {
  readonly runtime: Runtime;
  /** The bundle of bench/process.ts. */
  readonly file: string;
  readonly root: string;
  /** Environment variables with which the process finds an adapter. */
  readonly env: Readonly<Record<string, string>>;
}

function command({ runtime, file, root }: ProcessOptions, flags: readonly string[]): string[] {
  if (runtime === 'node') return ['--enable-source-maps', ...flags, file];
  const require = createRequire(join(root, 'package.json'));
  const deno = join(dirname(require.resolve('deno/package.json')), 'bin.cjs');
  const options = ['--allow-all', '--no-lock', '--no-config', `--v8-flags=${flags.join(',')}`];
  return [deno, 'run', ...options, file];
}

function startSession(options: ProcessOptions, flags: readonly string[]): RemoteSession {
  const child = spawn(process.execPath, command(options, flags), {
    cwd: options.root,
    stdio: ['pipe', 'pipe', 'inherit'],
    // The driver prints warnings if XDG_RUNTIME_DIR is not set, as without a desktop session.
    env: { XDG_RUNTIME_DIR: tmpdir(), ...process.env, ...options.env },
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  let waiting: { resolve: (answer: Answer) => void } | null = null;
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith(ANSWER)) waiting?.resolve(JSON.parse(line.slice(ANSWER.length)) as Answer);
  });
  void ended.then(() => waiting?.resolve({ error: `${options.runtime} ended` }));
  child.stdin.on('error', () => undefined);

  /** One call at a time. */
  async function ask<T>(name: Call['name'], ...args: unknown[]): Promise<T> {
    const found = await new Promise<Answer>((resolve) => {
      waiting = { resolve };
      child.stdin.write(`${JSON.stringify({ name, args } satisfies Call)}\n`);
    });
    waiting = null;
    if ('error' in found) throw new Error(found.error);
    return found.value as T;
  }

  return {
    open: (...args) => ask('open', ...args),
    run: (limits) => ask('run', limits),
    output: () => ask('output'),
    facts: () => ask('facts'),
    heap: (collected = true) => ask('heap', collected),
    close() {
      child.stdin.end();
      return ended;
    },
  };
}

function describe({ runtime, root }: ProcessOptions): string {
  if (runtime === 'node') return `Node ${process.versions.node}`;
  const require = createRequire(join(root, 'package.json'));
  return `Deno ${(require('deno/package.json') as { version: string }).version}`;
}

export function processHost(
  options: ProcessOptions,
  flags: readonly string[] = ['--expose-gc'],
): Host {
  const open = new Set<RemoteSession>();
  return {
    runtime: describe(options),
    async session() {
      const session = startSession(options, flags);
      open.add(session);
      return session;
    },
    forMemory: async () => processHost(options, ['--expose-gc', ...PLAIN_HEAP_FLAGS]),
    async close() {
      await Promise.all([...open].map((session) => session.close()));
    },
  };
}
