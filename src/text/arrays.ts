/** Numbers of rectangular shape, as `fit` and `predict` of a model take them. */
export interface TextArray<Data extends Int32Array | Float32Array = Int32Array | Float32Array> {
  /** Row-major values. */
  readonly data: Data;
  readonly shape: number[];
}

/** @throws where `value` is no whole number from `least` to `most` */
export function wholeNumber(what: string, value: unknown, least: number, most?: number): number {
  const whole = typeof value === 'number' && Number.isSafeInteger(value);
  if (whole && value >= least && value <= (most ?? value)) return value;
  const range = `at least ${least}${most === undefined ? '' : ` and at most ${most}`}`;
  const got = typeof value === 'string' ? `'${value}'` : String(value);
  throw new Error(`${what}: expected a whole number of ${range}, got ${got}`);
}

/** @throws where `value` is none of the names */
export function oneOf<Name extends string>(
  what: string,
  value: unknown,
  names: readonly Name[],
): Name {
  if (names.includes(value as Name)) return value as Name;
  throw new Error(`${what}: expected one of '${names.join("', '")}', got ${String(value)}`);
}

function kindOf(value: unknown): string {
  if (typeof value === 'string') return 'one string';
  return value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value;
}

/** @throws where `text` is no string: undefined or a number would pass for a word later */
export function checkText(what: string, text: unknown): string {
  if (typeof text === 'string') return text;
  throw new Error(`${what}: expected a string, got ${kindOf(text)}`);
}

/**
 * @param item what it is a list of: 'text'
 * @throws where `list` cannot be gone through, or is a string, each of whose characters would pass for an item
 */
export function checkList<List>(what: string, list: List, item: string): List {
  if (typeof list === 'object' && list !== null && Symbol.iterator in list) return list;
  const advice = typeof list === 'string' ? `; give a list, [${item}]` : '';
  throw new Error(`${what}: expected a list of ${item}s, got ${kindOf(list)}${advice}`);
}

/** @throws where `words` is no list, or has something else than strings */
export function checkWords<Words extends Iterable<string>>(what: string, words: Words): Words {
  for (const word of checkList(what, words, 'word')) checkText(`${what}: word`, word);
  return words;
}

/** The numbers of a sequence. @throws where it is no list of whole numbers of at least 0 */
export function idsOf(what: string, sequence: ArrayLike<number>): number[] {
  if (typeof sequence !== 'object' || sequence === null || !('length' in sequence))
    throw new Error(`${what}: expected a list of ids, got ${kindOf(sequence)}`);
  return Array.from(sequence, (id) => wholeNumber(`${what}: id`, id, 0));
}
