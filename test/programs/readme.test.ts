/** The code samples of README.md, run as they are written, except that the import is from the sources. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import * as gatefold from '../../src/index.ts';
import * as stepper from '../../src/stepper/index.ts';

const samples = [...readFileSync('README.md', 'utf8').matchAll(/```js\n([\s\S]*?)```/g)].map(
  ([, code]) => code,
);
const IMPORT = /^import (\{.*\}) from 'gatefold';$/m;
const IMPORT_OF_STEPPER = /^import (\{.*\}) from 'gatefold\/stepper';$/m;

type AsyncFunction = (library: object, console: { log(value: unknown): void }) => Promise<void>;
const AsyncFunction = (async () => {}).constructor as new (...code: string[]) => AsyncFunction;

/** The numbers of nested lists or of a typed array. */
const flat = (value: unknown): number[] =>
  typeof value === 'number' ? [value] : Array.from(value as ArrayLike<unknown>).flatMap(flat);

it('README.md has samples', () => expect(samples.length).toBe(3));

it.each(
  samples.flatMap((code, i) =>
    (['best', 'webgpu', 'wasm', 'cpu'] as const).map((device) => [i, device, code] as const),
  ),
)('sample %s runs on %s', async (_, device, code) => {
  const folder = mkdtempSync(join(tmpdir(), 'gatefold-readme-'));
  const back = process.cwd();
  process.chdir(folder);
  try {
    const library = { ...gatefold, ...stepper, best: gatefold[device] };
    const printed: unknown[] = [];
    expect(code).toMatch(IMPORT);
    const body = [IMPORT, IMPORT_OF_STEPPER].reduce(
      (text, line) => text.replace(line, 'const $1 = gatefold;'),
      code,
    );
    await new AsyncFunction('gatefold', 'console', body)(library, {
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
