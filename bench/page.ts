/** The page in which a contender runs. The host opens one for each contender, and calls `bench`. */
import type { ContenderModule } from './contender.ts';
import { isOurs } from './names.mjs';
import { makeSession } from './session.ts';

const modules = import.meta.glob<ContenderModule>('./contenders/{tfjs,jax,ort}-*.js');

function load(name: string): Promise<ContenderModule> {
  // Ours, on a device or of a commit, is a build of its own beside the page's (see host/build.ts).
  if (isOurs(name)) {
    const { href } = new URL(`${name}/contender.js`, location.href);
    return import(/* @vite-ignore */ href) as Promise<ContenderModule>;
  }
  return modules[`./contenders/${name}.js`]();
}

const session = makeSession(load);

Object.assign(globalThis, {
  bench: {
    ...session,
    /** The time from loading the program to the end of the first step, in milliseconds. */
    async cold(contender: string, workload: string): Promise<{ time: number; losses: number[] }> {
      const begun = performance.now();
      await session.open(contender, workload, '');
      const { losses } = await session.run({ minimum: 1, maximum: 1, milliseconds: 0 });
      return { time: performance.now() - begun, losses };
    },
  },
});
