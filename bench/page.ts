/** The page of a contender: the host opens one for each and calls `bench`. */
import type { ContenderModule } from './contender.ts';
import { BEFORE } from './names.mjs';
import { makeSession } from './session.ts';

const modules = import.meta.glob<ContenderModule>('./contenders/{gatefold.ts,{tfjs,jax,ort}-*.js}');

/** Of a build of its own, beside the page's (see host/build.ts). */
const before = './before/contender.js';

function load(name: string): Promise<ContenderModule> {
  if (name === BEFORE)
    return import(
      /* @vite-ignore */ new URL(before, location.href).href
    ) as Promise<ContenderModule>;
  const path = name === 'gatefold' ? 'gatefold.ts' : `${name}.js`;
  return modules[`./contenders/${path}`]();
}

const session = makeSession(load);

Object.assign(globalThis, {
  bench: {
    ...session,
    /** From nothing to a finished first step, in milliseconds. */
    async cold(contender: string, workload: string): Promise<{ time: number; losses: number[] }> {
      const begun = performance.now();
      await session.open(contender, workload, '');
      const { losses } = await session.run({ minimum: 1, maximum: 1, milliseconds: 0 });
      return { time: performance.now() - begun, losses };
    },
  },
});
