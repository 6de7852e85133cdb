/** Gatefold on WebAssembly, in one thread; the variant `2` in two. */
import { wasm } from '../../src/index.ts';
import type { Contender, StepResult, Task } from '../contender.ts';
import type { Workload } from '../workloads.ts';
import { contenderOn } from './ours.ts';
import type { Answer, Call } from './gatefold-wasm.worker.ts';

export async function open(): Promise<Contender> {
  const contender = contenderOn(await wasm());
  return {
    ...contender,
    prepare: (workload, variant) =>
      variant === '2' ? onTwoThreads(workload) : contender.prepare(workload, variant),
  };
}

/** The main thread of a page may not wait for others, so there a worker computes, and takes the time. */
async function onTwoThreads(workload: Workload): Promise<Task> {
  if (typeof document === 'undefined')
    return contenderOn(await wasm({ threads: 2 })).prepare(workload, '');
  // A name that the bundler does not follow: host/build.ts makes the file.
  const name = 'worker.js';
  const worker = new Worker(new URL(name, import.meta.url), { type: 'module' });
  const ask = <T>(call: Call): Promise<T> =>
    new Promise((resolve, reject) => {
      worker.onerror = ({ message }) => reject(new Error(`the worker failed: ${message}`));
      worker.onmessage = ({ data }: MessageEvent<Answer>) =>
        'error' in data ? reject(new Error(data.error)) : resolve(data.value as T);
      worker.postMessage(call);
    });
  await ask({ name: 'prepare', workload });
  return {
    step: () => ask<StepResult>({ name: 'step' }),
    output: () => ask<number[]>({ name: 'output' }),
  };
}
