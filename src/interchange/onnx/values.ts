/**
 * What flows through an ONNX graph: tensors on a device, and numbers that are known on the host, since they follow from constants and from shapes
 * alone. Of the latter shapes are made, and branches are chosen by them.
 */
import type { Device } from '../../backend.ts';
import { cast } from '../../ops/compare.ts';
import { sizeOf, tensor, Tensor, zeros } from '../../tensor.ts';
import { isFloat } from '../elements.ts';
import type { ElementType, FileTensor } from '../elements.ts';

/** Numbers on the host, row-major. */
export interface Known {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
  readonly type: ElementType;
}
export type Value = Known | Tensor;

/** Elements of what is computed on the host: shapes and small tables. */
const MAX_KNOWN = 2 ** 24;

export const isKnown = (value: Value): value is Known => !(value instanceof Tensor);

export function known(
  data: ArrayLike<number>,
  shape: readonly number[],
  type: ElementType = 'int64',
): Known {
  return { data, shape, type };
}

/** An error where so many numbers would be made on the host. */
export function checkKnownSize(shape: readonly number[]): number {
  const size = sizeOf(shape);
  if (size <= MAX_KNOWN && shape.every((extent) => extent >= 0 && Number.isInteger(extent)))
    return size;
  throw new Error(`expected constants and shapes of at most ${MAX_KNOWN} numbers, got [${shape}]`);
}

/** What a file has; integers beyond 2^53 are rounded. */
export function knownOf({ data, shape, type }: FileTensor): Known {
  const numbers =
    data instanceof BigInt64Array || data instanceof BigUint64Array
      ? Array.from(data as Iterable<bigint>, Number)
      : data;
  return { data: numbers, shape, type };
}

/** The numbers of a value that must be known when the graph is run. */
export function numbersOf(value: Value, what: string): number[] {
  if (isKnown(value)) return Array.from(value.data);
  throw new Error(
    `expected ${what} to follow from constants and shapes, got ${value}, which follows from what goes into the model; fix that input with loadOnnx(file, { fixed })`,
  );
}

/** The only number of a value that must be known. */
export function numberOf(value: Value, what: string): number {
  const numbers = numbersOf(value, what);
  if (numbers.length === 1) return numbers[0];
  throw new Error(`expected one number as ${what}, got ${numbers.length}`);
}

export const isFloatValue = (value: Value): boolean =>
  isKnown(value) ? isFloat(value.type) : value.dtype !== 'int32';

/** What was computed of whole numbers as floats is whole again. */
export const likeIn = (value: Value, result: Tensor): Tensor =>
  isFloatValue(value) ? result : cast(result, 'int32');

/** Whether it is a float or a whole number of a tensor on a device. */
export const kindOf = (type: ElementType): 'float32' | 'int32' =>
  isFloat(type) ? 'float32' : 'int32';

const [LEAST, MOST] = [-(2 ** 31), 2 ** 31 - 1];

/** As a tensor: whole numbers as int32, of which larger ones are the largest. */
export function asTensor(value: Value, device: Device): Tensor {
  if (value instanceof Tensor) return value;
  const { data, shape, type } = value;
  const dtype = kindOf(type);
  if (isZero(value)) return zeros(shape, dtype, device);
  const numbers =
    dtype === 'float32'
      ? Float32Array.from(data)
      : Int32Array.from(data, (number) => Math.max(LEAST, Math.min(MOST, number)));
  return tensor(numbers, shape, dtype, device);
}

/** As a float32 tensor. */
export const asFloats = (value: Value, device: Device): Tensor =>
  cast(asTensor(value, device), 'float32');

/** Whether it is known to be zero everywhere. */
export function isZero(value: Value): boolean {
  if (!isKnown(value)) return false;
  for (let i = 0; i < value.data.length; i++) if (value.data[i] !== 0) return false;
  return true;
}

/** An axis counted from 0; negative ones count from the end. */
export function axisIn(axis: number, rank: number): number {
  const at = axis < 0 ? axis + rank : axis;
  if (Number.isInteger(at) && at >= 0 && at < Math.max(rank, 1)) return at;
  throw new Error(`expected an axis from ${-rank} to ${rank - 1}, got ${axis}`);
}
