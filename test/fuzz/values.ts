/** Odd values, each as the text of an expression: a case is a program, and its text is what is printed. */
import type { Draw } from './draw.ts';

/** Numbers at the edges of what options, sizes and shapes may be. */
export const NUMBERS = [
  '0',
  '-0',
  '1',
  '-1',
  '2',
  '3',
  '0.5',
  '1.5',
  '-0.5',
  '1 - 1e-9',
  '1e-7',
  'NaN',
  'Infinity',
  '-Infinity',
  '1e30',
  '1e308',
  '-1e308',
  '5e-324',
  '2 ** 31',
  '-(2 ** 31)',
  '2 ** 32',
  '2 ** 53',
  '2 ** 40',
  '255',
  '1e-45',
] as const;

export const STRINGS = [
  "''",
  "'abc'",
  "'3'",
  "'0.5'",
  "'true'",
  "'__proto__'",
  "'constructor'",
  "'toString'",
  "'hasOwnProperty'",
  "'\\u0000'",
  "'\\ud800'",
  "'a/b'",
  "'é'.repeat(300)",
] as const;

/** What is neither a number nor a text. */
export const OTHERS = [
  'null',
  'undefined',
  'true',
  'false',
  '10n',
  "Symbol('s')",
  '[]',
  '[1]',
  '[NaN]',
  '[[1, 2], [3]]',
  '[1, , 3]',
  "['a', 'b']",
  '[null]',
  '[undefined, 1]',
  '{}',
  '{ a: 1 }',
  "{ name: 'abc' }",
  '{ length: 3 }',
  '{ length: -1 }',
  '{ length: 2 ** 53 }',
  '{ shape: [2], data: [1] }',
  '{ data: [1, 2], shape: [-2, -1] }',
  '{ data: new Float32Array(2), shape: [2 ** 31, 2] }',
  'Object.create(null)',
  'Object.freeze([1, 2])',
  'new Date(0)',
  '/x/g',
  '() => 1',
  'async () => 1',
  'function* () { yield 1; }',
  'class Some {}',
  'Promise.resolve(1)',
  'new Map([[1, 2]])',
  'new Set([1])',
  'new Error("an error")',
  'new String("abc")',
  'new Number(3)',
  'new Proxy({}, {})',
  'new Proxy([1, 2], {})',
  'new Proxy({}, { get() { throw new Error("from a trap"); } })',
  'new Proxy([], { get() { throw new Error("from a trap"); } })',
  '{ get length() { throw new Error("from a trap"); } }',
  '{ valueOf() { throw new Error("from a trap"); } }',
  '{ toString() { throw new Error("from a trap"); } }',
  'new Float32Array(2)',
  'new Float32Array([NaN, 1])',
  'new Float64Array([1, 2, 3]).subarray(1)',
  'new Uint8Array([1, 2])',
  'new Int32Array([-1, 2 ** 31])',
  'new BigInt64Array(2)',
  'new ArrayBuffer(8)',
  'new DataView(new ArrayBuffer(8))',
  "new TextEncoder().encode('abc')",
  'structuredClone(new Float32Array(2), { transfer: [] })',
  'new Array(3)',
  'globalThis',
  'new AbortController().signal',
  'AbortSignal.abort()',
] as const;

/** Of the library itself, where something else belongs. */
export const OWN = [
  'tensor([1, 2])',
  'tensor(3)',
  "tensor([[1, 0]], undefined, 'int32')",
  'tensor([])',
  'zeros([0, 3])',
  'zeros([2, 0])',
  'tensor([NaN, 1])',
  'freed()',
  'layers.dense(2)',
  'layers.dense',
  'layers.input({ shape: [3] })',
  'optimizers.adam',
  'optimizers.sgd()',
  'losses.meanSquaredError()',
  'losses.meanSquaredError',
  'metrics.accuracy()',
  'initializers.zeros()',
  'sequential([layers.input({ shape: [2] }), layers.dense(1)])',
  'cpu()',
  'wasm()',
  'new Random(1)',
] as const;

/** Any odd value. */
export function oddValue(draw: Draw): string {
  const way = draw.below(10);
  if (way < 3) return draw.pick(NUMBERS);
  if (way < 4) return draw.pick(STRINGS);
  if (way < 8) return draw.pick(OTHERS);
  if (way < 9) return draw.pick(OWN);
  return nested(draw);
}

/** Odd values in a list or an object. */
function nested(draw: Draw): string {
  const one = (): string => draw.pick(draw.chance(0.5) ? NUMBERS : OTHERS);
  const items = Array.from({ length: draw.between(1, 3) }, one);
  if (draw.chance(0.6)) return `[${items.join(', ')}]`;
  return `{ ${items.map((item, i) => `${'abc'[i]}: ${item}`).join(', ')} }`;
}

/** What is surely not of the kind of `value`, an option's default; null where nothing can be said of it. */
export function wrongKind(draw: Draw, value: unknown): string | null {
  const bad = ["'abc'", '{ a: 1 }', "Symbol('s')", '10n', 'new Date(0)', "['a', 'b']"];
  switch (typeof value) {
    case 'boolean':
      return draw.pick([...bad, "'false'", '0', '1', 'NaN', "''", '() => 1', '[]']);
    case 'number':
      return draw.pick([...bad, "'3'", 'NaN', 'true', '() => 1', '[]']);
    case 'string':
      return draw.pick([...bad.slice(1), '3', 'true', '[]']);
    default:
      return null;
  }
}

/** A name as it may be misspelt, or as other libraries spell it; never the name itself. */
export function misspelt(draw: Draw, name: string): string {
  const at = draw.below(Math.max(1, name.length - 1));
  const swapped = name.slice(0, at) + name.slice(at + 1, at + 2) + name[at] + name.slice(at + 2);
  const found = draw.pick([
    swapped,
    name.slice(0, at) + name.slice(at + 1),
    `${name}s`,
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    name.toLowerCase(),
    name[0].toUpperCase() + name.slice(1),
  ]);
  return found === name || found === '' ? `${name}x` : found;
}
