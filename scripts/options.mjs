// Parses the command-line options of an example by the table in its options.json. Uses only modules of Node, so that --help and
// wrong options are answered before anything is installed.
import { parseArgs } from 'node:util';

/**
 * @typedef {{ help: string, value?: string, default?: string, choices?: string[], minimum?: number, positive?: boolean, flag?: boolean }} Option
 *   `value` is the placeholder in the help. An option with a `minimum` is a whole number, a `positive` one a number above 0; a
 *   `flag` has no value, and is 'yes' if it is given.
 */

/**
 * The options of an example: its own, and the device.
 *
 * @template {Record<string, Option>} T
 * @param {T} table
 * @returns {T & { device: Option }}
 */
export const withDevice = (table) => ({
  ...table,
  device: {
    help: 'where to compute (default: webgpu where there is a GPU, else wasm); cpu is the slow reference device',
    choices: ['webgpu', 'wasm', 'cpu'],
  },
});

/** A wrong option. Its message is for the user, without a stack trace. */
export class OptionError extends Error {
  name = 'OptionError';
}

/**
 * Parses `argv` by the table. Options without a default may be undefined.
 *
 * @param {Record<string, Option>} table
 * @param {string[]} argv
 * @returns {Record<string, string | undefined>}
 */
export function parseOptions(table, argv) {
  const options = Object.fromEntries(
    Object.entries(table).map(([name, option]) => [
      name,
      {
        type: /** @type {'string' | 'boolean'} */ (option.flag ? 'boolean' : 'string'),
        ...(option.default === undefined ? {} : { default: option.default }),
      },
    ]),
  );
  /** @type {Record<string, string | undefined>} */
  let values;
  try {
    const given = Object.entries(parseArgs({ args: argv, options }).values);
    values = Object.fromEntries(
      given.map(([name, value]) => [name, value === true ? 'yes' : value]),
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('. ')[0] : String(error);
    throw new OptionError(`${reason}. The options are: ${names(table)}`);
  }
  for (const [name, { choices, minimum, positive }] of Object.entries(table)) {
    const value = values[name];
    if (value === undefined) continue;
    if (choices && !choices.includes(value)) {
      throw new OptionError(`--${name} is one of ${choices.join(', ')}; got '${value}'`);
    }
    const isWhole = /^\d+$/.test(value) && Number.isSafeInteger(Number(value));
    if (minimum !== undefined && !(isWhole && Number(value) >= minimum)) {
      throw new OptionError(`--${name} is a whole number, at least ${minimum}; got '${value}'`);
    }
    const isNumber =
      /^(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(value) && Number.isFinite(Number(value));
    if (positive && !(isNumber && Number(value) > 0)) {
      throw new OptionError(`--${name} is a number above 0, such as 0.001; got '${value}'`);
    }
    if (value === '') throw new OptionError(`--${name} needs a value (${table[name].value})`);
  }
  return values;
}

/** @param {Record<string, Option>} table */
const names = (table) =>
  Object.keys(table)
    .map((name) => `--${name}`)
    .join(', ');

/**
 * The help text, with one line for each option.
 *
 * @param {Record<string, Option>} table
 */
export const describeOptions = (table) =>
  Object.entries(table)
    .map(([name, { value, help, choices, default: preset }]) => {
      const shown = `  --${name} ${choices ? choices.join('|') : (value ?? '')}`;
      return `${shown.padEnd(28)} ${help}${preset === undefined ? '' : ` (default: ${preset})`}`;
    })
    .join('\n');
