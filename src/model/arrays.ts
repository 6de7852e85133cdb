/** Numbers from the host, in any of their forms, as flat arrays with a shape whose first axis counts samples. */
import type { DType, NumericArray } from '../backend.ts';
import { fits } from '../layers/shapes.ts';
import { show } from '../options.ts';
import { reshape } from '../ops/shape.ts';
import { sizeOf, Tensor } from '../tensor.ts';
import type { Nested, Shape } from '../tensor.ts';

/**
 * One array: nested lists, a list of typed arrays of one length (rows), a flat typed array, a flat list with its shape,
 * or a tensor; a list of texts for a model whose first layer is a `TextVectorization`.
 */
export type ArrayData =
  | Nested
  | NumericArray
  | readonly NumericArray[]
  | readonly string[]
  | { readonly data: ArrayLike<number>; readonly shape: Shape }
  | Tensor;

export interface HostArray {
  readonly data: NumericArray;
  readonly shape: readonly number[];
  /** Where the rows are numbers of texts: encodes these texts, as long as the longest among them. */
  readonly encode?: (rows: NumericArray) => HostArray;
}

/** What an array must look like. */
export interface Slot {
  /** Its name in messages: `input 'ids'`. */
  readonly what: string;
  /** Null: int32 for an Int32Array or an int32 tensor, float32 for everything else. */
  readonly dtype: DType | null;
  /** Extents with null for those that vary, the batch first; null where nothing is known. */
  readonly shape: readonly (number | null)[] | null;
  /** Whether a last axis of 1 may be missing or too many, as Keras takes targets. */
  readonly loose?: boolean;
  /** The least and the largest number that there may be. */
  readonly range?: readonly [least: number, most: number];
  /** How many samples there must be, where that is known. */
  readonly samples?: number;
  /** What to do about an array of another shape, where that is known. */
  readonly advice?: (shape: Shape) => string | null;
  /** The slot in place of this one that an array of that shape goes into. */
  readonly of?: (shape: Shape) => Slot;
  /** Makes numbers of texts, in a slot that takes texts. */
  readonly encode?: (texts: readonly string[]) => HostArray;
}

/**
 * Reads `value` into host memory.
 *
 * @throws Error where rows differ in length, the shape is not the slot's, there are no samples, or ids are no integers
 */
export async function toHostArray(value: ArrayData, slot: Slot): Promise<HostArray> {
  if (value instanceof Tensor) value = { data: await value.data(), shape: value.shape };
  const { encode, what } = slot;
  const isText = (item: unknown) => typeof item === 'string';
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  // Numbers are accepted too. A list with a text in it is taken for texts.
  if (!encode || !items.some((item) => isText(item) || (Array.isArray(item) && isText(item[0]))))
    return hostArray(value, slot);
  const wrong = items === value ? items.findIndex((item) => !isText(item)) : 0;
  if (wrong >= 0)
    throw new Error(
      `${what}: expected a flat list of texts, got ${show(items[wrong])}; give [text]`,
    );
  const texts = items as readonly string[];
  return {
    data: Int32Array.from(texts.keys()),
    shape: [texts.length],
    encode: (rows) => encode(Array.from(rows, (row) => texts[row])),
  };
}

/** Like `toHostArray`, of numbers that are in host memory already. */
export function hostArray(value: Exclude<ArrayData, Tensor>, slot: Slot): HostArray {
  const found = fromHost(value, slot);
  slot = slot.of?.(found.shape) ?? slot;
  const shape = shapeFor(found.shape, slot);
  const data = asType(found.data, slot);
  if (slot.range) checkRange(data, slot, slot.range);
  return { data, shape };
}

/** A tensor of the user's, on the device as it is; throws where it does not fit the slot. */
export function acceptTensor(value: Tensor, slot: Slot): Tensor {
  slot = slot.of?.(value.shape) ?? slot;
  if (slot.dtype !== null && value.dtype !== slot.dtype)
    throw new Error(
      `${slot.what}: expected ${slot.dtype}, got ${value}; ` +
        (slot.advice?.(value.shape) ?? 'make it with that dtype'),
    );
  const shape = shapeFor(value.shape, slot);
  return shape === value.shape ? value : reshape(value, shape);
}

/** The shape that an array takes in its slot; throws where it has another one. */
function shapeFor(given: Shape, slot: Slot): Shape {
  const { what, shape: expected } = slot;
  const shape = fitShape(given, slot);
  if (shape.length === 0) throw new Error(`${what}: expected a batch, got a single number`);
  if (shape[0] === 0)
    throw new Error(`${what}: expected at least one sample, got an empty batch [${shape}]`);
  if (shape.includes(0))
    throw new Error(
      `${what}: expected no empty axis, got shape [${shape}]: ` +
        'leave empty sequences out, or pad them to one masked step',
    );
  if (!expected || fits(expected, shape)) return shape;
  const wanted = expected.map((extent, axis) => extent ?? (axis === 0 ? 'batch' : 'null'));
  throw new Error(
    `${what}: expected shape [${wanted}], got [${shape}]: ` +
      (slot.advice?.(shape) ?? "reshape or pad the data, or change the model's input"),
  );
}

function fromHost(value: Exclude<ArrayData, Tensor>, slot: Slot): HostArray {
  if (isTyped(value)) return { data: value, shape: [value.length] };
  if (Array.isArray(value)) return fromLists(value as readonly Nested[], slot);
  if (typeof value === 'number') return { data: Float32Array.of(value), shape: [] };
  const given = value as { data?: ArrayLike<number>; shape?: Shape } | null | undefined;
  if (!given?.data || !given.shape || (ArrayBuffer.isView(given.data) && !isTyped(given.data)))
    throw new Error(
      `${slot.what}: expected nested lists, a typed array, { data, shape } or a Tensor, got ${show(value)}`,
    );
  const { data, shape } = given;
  if (sizeOf(shape) !== data.length)
    throw new Error(
      `${slot.what}: shape [${shape}] needs ${sizeOf(shape)} values, got ${data.length}`,
    );
  return { data: ArrayBuffer.isView(data) ? (data as NumericArray) : typed(data, slot), shape };
}

/** Lists of any depth; typed arrays may stand for the innermost ones. */
function fromLists(lists: readonly (Nested | NumericArray)[], slot: Slot): HostArray {
  const shape: number[] = [];
  let innermost: List = lists;
  for (let first: unknown = lists; isList(first); first = first[0]) {
    innermost = first;
    shape.push(first.length);
  }
  // Rows given as Int32Array are ids, as a flat Int32Array is.
  const isInt = slot.dtype === 'int32' || innermost instanceof Int32Array;
  const data = new (isInt ? Int32Array : Float32Array)(sizeOf(shape));
  let at = 0;
  const copy = (value: unknown, axis: number): void => {
    if (axis === shape.length) {
      if (typeof value !== 'number' && typeof value !== 'boolean')
        throw new Error(
          `${slot.what}: expected numbers in lists of depth ${shape.length}, got ${show(value)}` +
            (typeof value === 'string' ? '; make ids of texts first, for a stream as well' : ''),
        );
      if (slot.dtype === 'int32') checkInteger(Number(value), at, slot);
      data[at++] = Number(value);
      return;
    }
    if (!isList(value) || value.length !== shape[axis])
      throw new Error(
        `${slot.what}: rows must have one shape; expected a list of ${shape[axis]} at depth ${axis}, got ` +
          `${isList(value) ? `one of ${value.length}` : show(value)}: pad the sequences to one length first`,
      );
    for (let i = 0; i < value.length; i++) copy(value[i], axis + 1);
  };
  copy(lists, 0);
  return { data, shape };
}

/** A typed array of numbers; a BigInt64Array has none. */
const isTyped = (value: unknown): value is NumericArray =>
  ArrayBuffer.isView(value) && 'length' in value && typeof (value as NumericArray)[0] !== 'bigint';

type List = readonly unknown[] | NumericArray;
function isList(value: unknown): value is List {
  return Array.isArray(value) || isTyped(value);
}

function typed(data: ArrayLike<number>, slot: Slot): NumericArray {
  if (slot.dtype !== 'int32') return Float32Array.from(data);
  for (let i = 0; i < data.length; i++) checkInteger(data[i], i, slot);
  return Int32Array.from(data);
}

function asType(data: NumericArray, slot: Slot): NumericArray {
  const isInt = data instanceof Int32Array;
  if (slot.dtype === 'int32' && !isInt) return typed(data, slot);
  if (slot.dtype === 'float32' && isInt) return Float32Array.from(data);
  // Other typed arrays (bytes, say) are numbers like lists are.
  const known = isInt || data instanceof Float32Array || data instanceof Float64Array;
  return known ? data : typed(data, slot);
}

function checkInteger(value: number, index: number, { what }: Slot): void {
  if (!Number.isInteger(value) || Math.abs(value) > 2 ** 31 - 1)
    throw new Error(`${what}: expected int32 (ids, labels), got ${value} at index ${index}`);
}

/** What is no number is left to the training step, which says where it stands. */
function checkRange(
  data: NumericArray,
  { what }: Slot,
  [least, most]: readonly [number, number],
): void {
  const at = data.findIndex((value: number) => value < least || value > most);
  if (at >= 0)
    throw new Error(
      `${what}: expected numbers from 0 to 1, got ${data[at]} at index ${at}; a loss of probabilities takes no others`,
    );
}

/**
 * A flat array takes the slot's shape where that leaves only the number of samples open; targets gain or lose a last
 * axis of 1.
 */
function fitShape(shape: Shape, { shape: expected, loose, samples }: Slot): Shape {
  if (!expected) return shape;
  const last = expected.at(-1);
  if (loose && shape.length === expected.length - 1 && last === 1) return [...shape, 1];
  if (loose && shape.length === expected.length + 1 && shape.at(-1) === 1)
    return shape.slice(0, -1);
  if (shape.length !== 1 || expected.length < 2 || expected.slice(1).includes(null)) return shape;
  const sample = expected.slice(1) as number[];
  const size = sizeOf(sample);
  // A number for each sample is no row of several.
  if (shape[0] === samples) return shape;
  return size > 0 && shape[0] % size === 0 ? [shape[0] / size, ...sample] : shape;
}

/** The rows `indices` of `array`, as a new array. */
export function gatherRows(array: HostArray, indices: ArrayLike<number>): HostArray {
  const [, ...rest] = array.shape;
  const size = sizeOf(rest);
  const data = new (array.data.constructor as new (length: number) => NumericArray)(
    indices.length * size,
  );
  for (let row = 0; row < indices.length; row++) {
    const from = indices[row] * size;
    data.set(array.data.subarray(from, from + size), row * size);
  }
  return { ...array, data, shape: [indices.length, ...rest] };
}

/** Rows `begin` to `end` (not included), as a view. */
export function sliceRows(array: HostArray, begin: number, end: number): HostArray {
  const [, ...rest] = array.shape;
  const size = sizeOf(rest);
  const data = array.data.subarray(begin * size, end * size);
  return { ...array, data, shape: [end - begin, ...rest] };
}
