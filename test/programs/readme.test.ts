/** The code samples of README.md, run as they are written, except that the import is from the sources. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import * as gatefold from '../../src/index.ts';
import * as stepper from '../../src/stepper/index.ts';
import * as text from '../../src/text/index.ts';

const samples = [...readFileSync('README.md', 'utf8').matchAll(/```js\n([\s\S]*?)```/g)].map(
  ([, code]) => code,
);
const IMPORT = /^import (\{.*\}) from 'gatefold(?:\/(\w+))?';$/gm;

type AsyncFunction = (entries: object, console: { log(value: unknown): void }) => Promise<void>;
const AsyncFunction = (async () => {}).constructor as new (...code: string[]) => AsyncFunction;

/** The numbers of nested lists or of a typed array. */
const flat = (value: unknown): number[] =>
  typeof value === 'number' ? [value] : Array.from(value as ArrayLike<unknown>).flatMap(flat);

it('README.md has samples', () => expect(samples.length).toBe(6));

it.each(
  samples.flatMap((code, i) =>
    (['best', 'webgpu', 'wasm', 'cpu'] as const).map((device) => [i, device, code] as const),
  ),
)('sample %s runs on %s', async (_, device, code) => {
  const folder = mkdtempSync(join(tmpdir(), 'gatefold-readme-'));
  const back = process.cwd();
  process.chdir(folder);
  try {
    const entries = { gatefold: { ...gatefold, best: gatefold[device] }, stepper, text };
    const printed: unknown[] = [];
    expect(code).toMatch(IMPORT);
    const body = code.replace(
      IMPORT,
      (_import, names: string, entry = 'gatefold') => `const ${names} = entries.${entry};`,
    );
    await new AsyncFunction('entries', 'console', body)(entries, {
      log: (value) => printed.push(value),
    });
    expect(printed.length).toBe(1);
    const numbers = flat(printed[0]);
    expect(numbers.length).toBeGreaterThan(0);
    expect(numbers.every(Number.isFinite)).toBe(true);
  } finally {
    process.chdir(back);
    rmSync(folder, { recursive: true });
  }
});
