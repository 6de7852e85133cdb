/** Checks of arguments, shared by the functions and classes of `gatefold/text`. */
import { LIST, LISTLIKE, show } from '../options.ts';

export { sizeFor } from '../options.ts';

/** @throws Error if `value` is not a whole number from `least` to `most` */
export function wholeNumber(what: string, value: unknown, least: number, most?: number): number {
  const whole = typeof value === 'number' && Number.isSafeInteger(value);
  if (whole && value >= least && value <= (most ?? value)) return value;
  const range = `at least ${least}${most === undefined ? '' : ` and at most ${most}`}`;
  throw new Error(`${what}: expected a whole number of ${range}, got ${show(value)}`);
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

/** @throws Error if `text` is not a string: undefined or a number would otherwise become a word later */
export function checkText(what: string, text: unknown): string {
  if (typeof text === 'string') return text;
  throw new Error(`${what}: expected a string, got ${show(text)}`);
}

/**
 * @param item what the list should contain, for the error: 'text'
 * @throws Error if `list` is not iterable, or is a string: its characters would be taken for the items
 */
export function checkList<List>(what: string, list: List, item: string): List {
  if (typeof list === 'object' && list !== null && Symbol.iterator in list) return list;
  return noList(what, list, item);
}

/** @throws Error if `list` is not an array, or has holes */
export const checkArray = <List>(what: string, list: List, item: string): List =>
  LIST[1](list) ? list : noList(what, list, item);

function noList(what: string, list: unknown, item: string): never {
  const advice = typeof list === 'string' ? `; give a list, [${item}]` : '';
  throw new Error(`${what}: expected a list of ${item}s, got ${show(list)}${advice}`);
}

/** @throws Error if `words` is not a list of strings */
export function checkWords<Words extends Iterable<string>>(what: string, words: Words): Words {
  for (const word of checkList(what, words, 'word')) checkText(`${what}: word`, word);
  return words;
}

/** The ids of a sequence as an array. @throws Error if it is not a list of whole numbers of at least 0 */
export function idsOf(what: string, sequence: ArrayLike<number>): number[] {
  if (!LISTLIKE[1](sequence))
    throw new Error(`${what}: expected a list of ids, got ${show(sequence)}`);
  return Array.from(sequence, (id) => wholeNumber(`${what}: id`, id, 0));
}
