/** A contender and its workload in a page or a process. The host calls its methods by name. */
import type { Contender, ContenderModule, Task } from './contender.ts';
import { WORKLOADS } from './workloads.ts';

/** When to stop: after `milliseconds` or `maximum` repetitions, but not before `minimum` repetitions. */
export interface Limits {
  readonly minimum: number;
  readonly maximum: number;
  readonly milliseconds: number;
}

export interface Measured {
  readonly times: number[];
  readonly losses: number[];
}

export interface Session {
  /** Loads the contender and prepares the workload. Returns a description of the adapter or backend. */
  open(contender: string, workload: string, variant: string): Promise<string>;
  run(limits: Limits): Promise<Measured>;
  output(): Promise<number[] | null>;
  facts(): Promise<Record<string, number>>;
}

export function makeSession(load: (contender: string) => Promise<ContenderModule>): Session {
  let task: Task | null = null;
  const ready = (): Task => {
    if (task === null) throw new Error('session: expected open() first');
    return task;
  };
  return {
    async open(name, workload, variant) {
      const contender: Contender = await (await load(name)).open();
      task = await contender.prepare(WORKLOADS[workload], variant);
      return contender.description;
    },

    async run({ minimum, maximum, milliseconds }) {
      const begun = performance.now();
      const times: number[] = [];
      const losses: number[] = [];
      while (
        times.length < minimum ||
        (times.length < maximum && performance.now() - begun < milliseconds)
      ) {
        const before = performance.now();
        const { loss, milliseconds: own } = await ready().step();
        times.push(own ?? performance.now() - before);
        if (loss !== undefined) losses.push(loss);
      }
      return { times, losses };
    },

    output: async () => (await ready().output?.()) ?? null,
    facts: async () => ready().facts?.() ?? {},
  };
}
