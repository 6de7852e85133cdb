/** Collects garbage, where the engine lets a program ask for it. */
import { builtinModule } from '../../src/runtime_modules.ts';

interface Flags {
  setFlagsFromString(flags: string): void;
}
interface Vm {
  runInNewContext(code: string): () => void;
}

/** Of Chromium started with --js-flags=--expose-gc, of Node and of Deno; null elsewhere. */
async function collector(): Promise<(() => void) | null> {
  const { gc } = globalThis as { gc?: () => void };
  if (gc) return gc;
  const v8 = builtinModule<Flags>('node:v8');
  const vm = builtinModule<Vm>('node:vm');
  if (!v8 || !vm) return null;
  v8.setFlagsFromString('--expose-gc');
  return vm.runInNewContext('gc');
}

/** Collects garbage until `isDone`, or a few seconds long; what is registered for it has been told of it then. */
export async function collectGarbage(isDone: () => boolean): Promise<void> {
  const collect = await collector();
  if (!collect) throw new Error('expected an engine that collects garbage when it is asked to');
  for (let turn = 0; turn < 100 && !isDone(); turn++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** What tests before this one have lost is freed by the time it returns, and not while memory is being counted. */
export async function settled(): Promise<void> {
  let turns = 0;
  if (await collector()) await collectGarbage(() => turns++ === 2);
}
