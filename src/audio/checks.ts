/** Checks of arguments, shared by the functions of `gatefold/audio`. */

import { checkNames, POSITIVE, show } from '../options.ts';

/** The options of the functions from a signal to features. */
const CHAIN = [
  ...['sampleRate', 'nFft', 'hopLength', 'winLength', 'window', 'center', 'padMode', 'power'],
  ...['nMels', 'fMin', 'fMax', 'melScale', 'norm', 'ref', 'amin', 'topDb', 'nMfcc', 'lifter'],
];

/** One object may describe the whole chain: each of the functions takes what is meant for the others too. */
export const checkChain = (what: string, options: object): void => checkNames(what, options, CHAIN);

/** @throws Error if `value` is not a whole number from `least` to `most` */
export function wholeNumber(what: string, value: unknown, least: number, most = Infinity): number {
  if (Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most)
    return value as number;
  const range = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new Error(`${what}: expected a whole number ${range}, got ${show(value)}`);
}

/** @throws Error if `value` is not a finite number above 0 */
export function positive(what: string, value: unknown): number {
  if (POSITIVE[1](value)) return value as number;
  throw new Error(`${what}: expected a number above 0, got ${show(value)}`);
}

/** @throws Error if `value` is not one of the names */
export function oneOf<Name extends string>(
  what: string,
  value: unknown,
  names: readonly Name[],
): Name {
  if (names.includes(value as Name)) return value as Name;
  throw new Error(`${what}: expected one of '${names.join("', '")}', got ${show(value)}`);
}

/** @throws Error if `x` is not a list of finite numbers with at least one element */
export function checkSignal(what: string, x: ArrayLike<number>): ArrayLike<number> {
  if (typeof x !== 'object' || x === null || typeof x.length !== 'number') {
    const isWaveform = typeof x === 'object' && x !== null && 'channels' in x;
    const advice = isWaveform ? '; pass one of its channels, or toMono() of it' : '';
    throw new Error(`${what}: expected a list of samples, got ${show(x)}${advice}`);
  }
  if (x.length === 0) throw new Error(`${what}: expected at least one sample, got none`);
  for (let i = 0; i < x.length; i++)
    if (!Number.isFinite(x[i]))
      throw new Error(`${what}: expected finite samples, got ${show(x[i])} at index ${i}`);
  return x;
}
