/** Numbers of other programs' files: every element type that they have, as arrays of JavaScript that hold the values exactly. */
import { decodeFloat16 } from '../float16.ts';

/** An array that holds a file's values exactly: see `FileTensor`. */
export type TensorValues =
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | BigInt64Array<ArrayBuffer>
  | BigUint64Array<ArrayBuffer>;

/**
 * A tensor of a file. No value is rounded: float16 and bfloat16 become float32; integers and booleans become int32 where all of
 * them fit, and otherwise float64 (uint32) or 64-bit integers.
 */
export interface FileTensor {
  /** Row-major. */
  readonly data: TensorValues;
  /** Empty of a single number. */
  readonly shape: readonly number[];
  /** What the values are in the file. */
  readonly type: ElementType;
}

/** Bytes of an element. */
export const ELEMENT_BYTES = {
  bool: 1,
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  float16: 2,
  bfloat16: 2,
  uint32: 4,
  int32: 4,
  float32: 4,
  uint64: 8,
  int64: 8,
  float64: 8,
} as const;
/** What a file says its elements are. */
export type ElementType = keyof typeof ELEMENT_BYTES;

/** Whether the type is one of floating-point numbers. */
export const isFloat = (type: ElementType): boolean => type.includes('float');

type Decode = (buffer: ArrayBuffer) => TensorValues;
const toInt32 = (values: ArrayLike<number>): Int32Array<ArrayBuffer> => Int32Array.from(values);

const DECODE: Record<ElementType, Decode> = {
  bool: (buffer) => Int32Array.from(new Uint8Array(buffer), (value) => (value === 0 ? 0 : 1)),
  uint8: (buffer) => toInt32(new Uint8Array(buffer)),
  int8: (buffer) => toInt32(new Int8Array(buffer)),
  uint16: (buffer) => toInt32(new Uint16Array(buffer)),
  int16: (buffer) => toInt32(new Int16Array(buffer)),
  float16: (buffer) => decodeFloat16(new Uint16Array(buffer)),
  bfloat16: (buffer) => {
    const words = Uint32Array.from(new Uint16Array(buffer), (bits) => bits << 16);
    return new Float32Array(words.buffer);
  },
  uint32: (buffer) => {
    const values = new Uint32Array(buffer);
    return values.every((value) => value < 2 ** 31) ? toInt32(values) : Float64Array.from(values);
  },
  int32: (buffer) => new Int32Array(buffer),
  float32: (buffer) => new Float32Array(buffer),
  uint64: (buffer) => narrowed(new BigUint64Array(buffer)),
  int64: (buffer) => narrowed(new BigInt64Array(buffer)),
  float64: (buffer) => new Float64Array(buffer),
};

function narrowed<T extends BigInt64Array<ArrayBuffer> | BigUint64Array<ArrayBuffer>>(
  values: T,
): T | Int32Array<ArrayBuffer> {
  for (const value of values) if (BigInt.asIntN(32, value) !== value) return values;
  return Int32Array.from(values as Iterable<bigint>, Number);
}

/**
 * The values of bytes, which are copied.
 *
 * @param bytes a whole number of elements
 * @param bigEndian whether the first byte of an element counts most
 */
export function decodeElements(
  type: ElementType,
  bytes: Uint8Array,
  bigEndian = false,
): TensorValues {
  // A copy, because typed arrays need aligned offsets, and so that the file itself can be freed.
  const copy = bytes.slice();
  const size = ELEMENT_BYTES[type];
  if (bigEndian && size > 1)
    for (let at = 0; at < copy.length; at += size) copy.subarray(at, at + size).reverse();
  return DECODE[type](copy.buffer);
}

/** The values as float32, rounded where they are not; for a weight of a layer. */
export function toFloat32({ data }: FileTensor): Float32Array<ArrayBuffer> {
  if (data instanceof Float32Array) return data;
  return data instanceof BigInt64Array || data instanceof BigUint64Array
    ? Float32Array.from(data as Iterable<bigint>, Number)
    : Float32Array.from(data);
}
