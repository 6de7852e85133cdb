/** Helpers of cases that break something: a device, a file system, a process. Printed with a finding like those of helpers.ts. */
import { loadModel } from '../../src/index.ts';
import { found } from './helpers.ts';

/** All that a file holds of a model, as a text. */
export async function stateOf(net: any): Promise<string> {
  const { json, weights } = await net.save();
  return `${json} ${Buffer.from(weights).toString('base64')}`;
}

/** A folder of the case's own, in the system's folder for what is temporary. */
export function temporary(): string {
  const { mkdtempSync } = process.getBuiltinModule('node:fs');
  return mkdtempSync(`${process.getBuiltinModule('node:os').tmpdir()}/gatefold-fuzz-`);
}

/** Loads what is in the folder: it must be one of the states, whole. */
export async function holdsOneOf(folder: string, states: string[]): Promise<void> {
  let state: string;
  try {
    state = await stateOf(await loadModel(folder));
  } catch (error) {
    found(`state changed: the folder holds no model any more (${String(error)})`);
  }
  if (!states.includes(state))
    found('state changed: the folder holds neither the old model nor the new one');
}

/**
 * Lets the `at`-th call of the file system from now on fail, or kill the process, after half of what it was to write. Gives what undoes
 * it; of that, the number of calls there were.
 */
export async function failing(at: number, how: 'full' | 'kill'): Promise<() => number> {
  const fs = process.getBuiltinModule('node:fs');
  const { syncBuiltinESMExports } = process.getBuiltinModule('node:module');
  const probe = await fs.promises.open(`${temporary()}/probe`, 'w');
  const handles = Object.getPrototypeOf(probe) as object;
  await probe.close();
  const undo: (() => void)[] = [];
  let calls = 0;
  const patch = (object: any, name: string, write?: (self: any, args: any[]) => void): void => {
    const original = object[name];
    if (typeof original !== 'function') return;
    undo.push(() => void (object[name] = original));
    object[name] = async function (this: any, ...args: any[]) {
      if (++calls !== at) return original.apply(this, args);
      write?.(this, args);
      if (how === 'kill') process.kill(process.pid, 'SIGKILL');
      const text = `ENOSPC: no space left on device, ${name}`;
      throw Object.assign(new Error(text), { code: 'ENOSPC' });
    };
  };
  const half = (data: any): any => data.slice(0, Math.floor(data.length / 2));
  patch(fs.promises, 'writeFile', (_, [to, data]) => {
    if (typeof to === 'string') fs.writeFileSync(to, half(data));
  });
  for (const name of ['write', 'writeFile', 'appendFile'])
    patch(handles, name, (self, [data]) => fs.writeSync(self.fd, half(data)));
  for (const name of ['sync', 'datasync', 'close', 'truncate', 'stat']) patch(handles, name);
  for (const name of ['rename', 'open', 'mkdir', 'rm', 'unlink', 'copyFile', 'link', 'readdir'])
    patch(fs.promises, name);
  syncBuiltinESMExports();
  return () => {
    for (const one of undo) one();
    syncBuiltinESMExports();
    return calls;
  };
}

/** Runs lines in a process of their own, which is killed at the `at`-th call of the file system. */
export function killed(at: number, folder: string, lines: string): void {
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const library = process.env.GATEFOLD_FUZZ_LIBRARY ?? 'gatefold';
  const code = `import * as gatefold from ${JSON.stringify(library)};
Object.assign(globalThis, gatefold);
${String(temporary)}
${String(failing)}
const folder = ${JSON.stringify(folder)};
setDevice(cpu());
const ready = async () => { await failing(${at}, 'kill'); };
${lines}`;
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
  });
  if (stderr) throw new Error(stderr);
}

/** A device that can be told to fail at the `at`-th call of a method from then on, and, where it is lost, at every call after it. */
export function breakable(own: any): any {
  let [left, broken, isLost] = [0, '', false];
  let error: Error | null = null;
  const device = new Proxy(own, {
    get(target, name) {
      const value = target[name];
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        const fails = error && name !== 'stats' && (name === broken ? --left <= 0 : left <= 0);
        if (!fails || (!isLost && left < 0)) return value.apply(target, args);
        if (name === 'read') return Promise.reject(error!);
        throw error!;
      };
    },
  });
  return {
    device,
    failAt(method: string, at: number, what: Error): void {
      [left, broken, error, isLost] = [at, method, what, what.name === 'DeviceError'];
    },
    mend(): void {
      error = null;
    },
  };
}

/** Waits for all; throws the first error that says nothing of what was expected, else the first. */
export async function together(...runs: (() => unknown)[]): Promise<void> {
  const results = await Promise.allSettled(runs.map(async (run) => run()));
  const errors = results.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  const worst = errors.find((error) => !/expected|still running/.test(String(error)));
  if (errors.length > 0) throw worst ?? errors[0];
}
