import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { OptionError, parseOptions } from '../../scripts/options.mjs';
import { removeFolder, start } from './run.ts';

afterAll(removeFolder);

type Table = Parameters<typeof parseOptions>[0];
const tables = readdirSync('examples')
  .map((name) => `examples/${name}/options.json`)
  .filter((file) => existsSync(file))
  .map((file) => [file, JSON.parse(readFileSync(file, 'utf8')) as Table] as const);

const messageOf = (table: Table, ...argv: string[]): string | null => {
  try {
    parseOptions(table, argv);
    return null;
  } catch (error) {
    if (error instanceof OptionError) return error.message;
    throw error;
  }
};

describe('the options of an example', () => {
  it.each(tables)('%s: numbers are numbers', (_, table) => {
    expect(messageOf(table)).toBeNull();
    for (const [name, { minimum, positive, value }] of Object.entries(table)) {
      if (minimum !== undefined)
        expect(messageOf(table, `--${name}`, '1.5')).toMatch(`--${name} is a whole number`);
      if (value === 'R') expect(positive, name).toBe(true);
      if (minimum === undefined && !positive) continue;
      for (const wrong of ['abc', '', '1x', `${(minimum ?? 1) - 1}`])
        expect(messageOf(table, `--${name}=${wrong}`)).toContain(`got '${wrong}'`);
    }
  });

  it.each(['0.001', '1e-4', '.5', '2', '3.'])('a learning rate may be %s', (value) => {
    const table = { rate: { help: '', value: 'R', positive: true } };
    expect(parseOptions(table, ['--rate', value]).rate).toBe(value);
  });

  it.each(['0', '0.0', 'NaN', 'Infinity', '1e999', '0x1', '1e-999', '0.1 '])(
    'and not %s',
    (value) => {
      const table = { rate: { help: '', value: 'R', positive: true } };
      expect(messageOf(table, '--rate', value)).toMatch(/^--rate is a number above 0, such as/);
    },
  );
});

describe('npm start ends with 2', () => {
  it.each([
    [['imdb', '--learning-rate', 'abc'], /--learning-rate is a number above 0.*got 'abc'/],
    [['slots', '--learning-rate', '0'], /--learning-rate is a number above 0.*got '0'/],
    [['sine', '--wrong', '1'], /Unknown option '--wrong'.*The options are: --segments/],
    [['memory', '--device', 'tpu'], /--device is one of webgpu, wasm, cpu; got 'tpu'/],
    [['memory', '--runtime', 'bun'], /--runtime is one of node, deno; got 'bun'/],
    [['nothing'], /there is no example 'nothing'; there is: anbn, /],
  ])('after %j', async ([name, ...args], message) => {
    const { code, text } = await start(name, ...args);
    expect(code).toBe(2);
    expect(text).toMatch(message);
  });
});
