/** Numbers of rectangular shape, as `fit` and `predict` of a model take them. */
export interface TextArray<Data extends Int32Array | Float32Array = Int32Array | Float32Array> {
  /** Row-major values. */
  readonly data: Data;
  readonly shape: number[];
}

/** @throws where `value` is no whole number of at least `least` */
export function wholeNumber(what: string, value: unknown, least: number): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`${what}: expected a whole number of at least ${least}, got ${String(value)}`);
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

/** @throws where `text` is no string: undefined or a number would pass for a word later */
export function checkText(what: string, text: unknown): string {
  if (typeof text === 'string') return text;
  const got = text === null ? 'null' : Array.isArray(text) ? 'an array' : typeof text;
  throw new Error(`${what}: expected a string, got ${got}`);
}
