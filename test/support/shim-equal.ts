/** Deep equality of plain data, for the shim's `expect`. */

type Keyed = Record<string, unknown>;

const isObject = (value: unknown): value is Keyed => typeof value === 'object' && value !== null;

const listOf = (value: object): ArrayLike<unknown> | null => {
  if (Array.isArray(value)) return value;
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return value as unknown as ArrayLike<unknown>;
  return null;
};

/** `toEqual`: fields that are undefined count as absent; `strict`: they do not, and prototypes must agree. */
export function equal(a: unknown, b: unknown, strict = false): boolean {
  if (Object.is(a, b)) return true;
  if (!isObject(a) || !isObject(b)) return false;
  if (strict && Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (Object.prototype.toString.call(a) !== Object.prototype.toString.call(b)) return false;
  if (a instanceof Error) return b instanceof Error && a.message === b.message;
  if (a instanceof Date) return a.getTime() === (b as unknown as Date).getTime();
  if (a instanceof RegExp) return a.toString() === (b as unknown as RegExp).toString();
  if (a instanceof ArrayBuffer)
    return equal(new Uint8Array(a), new Uint8Array(b as unknown as ArrayBuffer));
  if (a instanceof Map || a instanceof Set)
    return equal([...a], [...(b as unknown as Iterable<unknown>)], strict);
  const list = listOf(a);
  if (list !== null) {
    const other = listOf(b) as ArrayLike<unknown>;
    if (list.length !== other.length) return false;
    for (let i = 0; i < list.length; i++) if (!equal(list[i], other[i], strict)) return false;
    return true;
  }
  const keys = (value: Keyed) =>
    Object.keys(value).filter((key) => strict || value[key] !== undefined);
  const [left, right] = [keys(a), keys(b)];
  return (
    left.length === right.length && left.every((key) => key in b && equal(a[key], b[key], strict))
  );
}

/** `toMatchObject`: every field of `expected`, at every depth, is in `actual`. */
export function contains(actual: unknown, expected: unknown): boolean {
  if (!isObject(expected) || !isObject(actual)) return equal(actual, expected);
  const list = listOf(expected);
  if (list !== null) {
    const other = listOf(actual);
    if (other?.length !== list.length) return false;
    return Array.from(list).every((item, i) => contains(other[i], item));
  }
  if (Object.getPrototypeOf(expected) !== Object.prototype) return equal(actual, expected);
  return Object.keys(expected).every(
    (key) => key in actual && contains(actual[key], expected[key]),
  );
}

/** A value in a message: short, however large the array. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return `function ${value.name}`;
  if (!isObject(value)) return Object.is(value, -0) ? '-0' : String(value);
  if (value instanceof Error) return String(value);
  const list = listOf(value);
  if (list !== null) {
    const items = Array.from({ length: Math.min(list.length, 12) }, (_, i) => show(list[i]));
    return `[${items.join(', ')}${list.length > 12 ? `, ... ${list.length} in all` : ''}]`;
  }
  try {
    return JSON.stringify(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
