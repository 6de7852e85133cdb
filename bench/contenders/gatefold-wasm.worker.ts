/** A worker that computes on two threads for gatefold-wasm.ts. One call at a time. */
import { wasm } from '../../src/index.ts';
import type { Task } from '../contender.ts';
import type { Workload } from '../workloads.ts';
import { contenderOn } from './ours.ts';

export type Call =
  { readonly name: 'prepare'; readonly workload: Workload } | { readonly name: 'step' | 'output' };
export type Answer = { readonly value: unknown } | { readonly error: string };

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<Call>) => void;
  postMessage: (answer: Answer) => void;
};
let task: Task;

async function answer(call: Call): Promise<unknown> {
  if (call.name === 'prepare') {
    task = await contenderOn(await wasm({ threads: 2 })).prepare(call.workload, '');
    return null;
  }
  if (call.name === 'output') return task.output!();
  const begun = performance.now();
  const result = await task.step();
  return { milliseconds: performance.now() - begun, ...result };
}

scope.onmessage = ({ data }) => {
  answer(data)
    .then((value) => scope.postMessage({ value }))
    .catch((error: unknown) => scope.postMessage({ error: String(error) }));
};
