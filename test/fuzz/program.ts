/** Cases as programs: how one is run, and how it is printed so that it can be pasted and run by itself. */
import * as audio from '../../src/audio/index.ts';
import * as data from '../../src/data/index.ts';
import * as generate from '../../src/generate/index.ts';
import * as gatefold from '../../src/index.ts';
import * as formats from '../../src/interchange/index.ts';
import * as stepper from '../../src/stepper/index.ts';
import * as text from '../../src/text/index.ts';
import * as trace from '../../src/trace/index.ts';
import * as vectors from '../../src/vectors/index.ts';
import * as faultHelpers from './fault_helpers.ts';
import * as formatHelpers from './format_helpers.ts';
import * as plainHelpers from './helpers.ts';
import { placesIn } from './json.ts';

/** Entries that a program names as a whole; what the first entry exports, it names directly. */
const ENTRIES = { audio, data, formats, generate, stepper, text, trace, vectors };

const helpers: Readonly<Record<string, unknown>> = {
  ...plainHelpers,
  ...faultHelpers,
  ...formatHelpers,
};
const SCOPE: Readonly<Record<string, unknown>> = {
  ...{ ...gatefold, ...ENTRIES, ...helpers },
  // Asked for where cases are made.
  placesOf: placesIn,
};

/** One case: the lines of a program, in which `await` may stand, and the device that they run on. */
export interface Case {
  readonly code: string;
  readonly device: 'cpu' | 'wasm' | 'webgpu';
}

const AsyncFunction = (async () => undefined).constructor as new (
  ...args: string[]
) => (...values: unknown[]) => Promise<unknown>;

/** In a block, so that a program may use names of the library for its own. */
export const runCode = (code: string): Promise<unknown> =>
  new AsyncFunction(...Object.keys(SCOPE), `'use strict'; {\n${code}\n}`)(...Object.values(SCOPE));

const names = (code: string, name: string): boolean =>
  new RegExp(`(?<![\\w.'])${name}\\b(?!\\s*:)`).test(code);

/** The program as a file of its own, for the folder of the repository after `npm run build`. */
export function asFile({ code, device }: Case): string {
  const used = new Set<string>();
  let rest = `setDevice(${device === 'cpu' ? '' : 'await '}${device}());\n${code}`;
  // Helpers use others.
  for (let before = -1; before < used.size;) {
    before = used.size;
    for (const [name, helper] of Object.entries(helpers))
      if (!used.has(name) && names(rest, name)) {
        used.add(name);
        // All helpers are declarations, so that their source has their name.
        rest += `\n${String(helper)}`;
      }
  }
  const direct = Object.keys(gatefold).filter((name) => names(rest, name));
  // Locals have the same names.
  const entries = Object.entries(ENTRIES).flatMap(([name, entry]) =>
    Object.keys(entry).some((one) => names(rest, `${name}\\??\\.${one}`)) ? name : [],
  );
  return [
    `import { ${direct.join(', ')} } from 'gatefold';`,
    ...entries.map((name) => `import * as ${name} from 'gatefold/${name}';`),
    rest,
  ].join('\n');
}
