/** Storages in the linear memory, and their numbers in every type of elements. */
import type { DType, Storage } from '../backend.ts';
import { decodeFloat16, encodeFloat16 } from '../float16.ts';
import type { Heap } from './heap.ts';
import { fromInt8, toInt8 } from './int8.ts';

/** Bytes of a float32 or int32. */
export const BYTES = 4;

export class WasmStorage implements Storage {
  readonly dtype: DType;
  readonly length: number;
  /** In bytes; 0 once it is freed. */
  address: number;
  /** Of int8: numbers of a row, which have a scale each; else 0. */
  readonly columns: number;

  constructor(dtype: DType, length: number, heap: Heap, columns = 0) {
    this.dtype = dtype;
    this.length = length;
    this.columns = dtype === 'int8' ? columns : 0;
    this.address = heap.take(this.bytes);
  }

  get bytes(): number {
    return numberBytes(this) + this.columns * BYTES;
  }
}

/** Bytes of the numbers alone: the scales of int8 stand behind them. */
const numberBytes = ({ length, dtype }: Storage): number =>
  dtype === 'int8' ? Math.ceil(length / 16) * 16 : length * (dtype === 'float16' ? 2 : BYTES);

/** @param what who asks, for the error @throws Error where the storage was freed */
export function addressOf(storage: Storage, what: string): number {
  const { address } = storage as WasmStorage;
  if (address === 0)
    throw new Error(`${what}: this tensor was freed (disposed of, or left behind by a scope)`);
  return address;
}

/** Where the scales of int8 stand; 0 of other types. */
export const scalesOf = (storage: Storage, what: string): number =>
  storage.dtype === 'int8' ? addressOf(storage, what) + numberBytes(storage) : 0;

const float16Of = ({ memory }: Heap, storage: Storage, what: string): Uint16Array =>
  new Uint16Array(memory.buffer, addressOf(storage, what), storage.length);

const int8Of = (
  { memory }: Heap,
  storage: Storage,
  what: string,
): [numbers: Int8Array, scales: Float32Array] => [
  new Int8Array(memory.buffer, addressOf(storage, what), storage.length),
  new Float32Array(memory.buffer, scalesOf(storage, what), (storage as WasmStorage).columns),
];

/** The numbers themselves; of float16 and int8 a copy. */
export function valuesOf(heap: Heap, storage: Storage, what: string): Float32Array | Int32Array {
  if (storage.dtype === 'float16') return decodeFloat16(float16Of(heap, storage, what));
  if (storage.dtype === 'int8') return fromInt8(...int8Of(heap, storage, what));
  const first = addressOf(storage, what) / BYTES;
  const { f32, i32 } = heap;
  return (storage.dtype === 'int32' ? i32 : f32).subarray(first, first + storage.length);
}

/** Rounds where the type asks for it. */
export function setValues(
  heap: Heap,
  storage: Storage,
  data: ArrayLike<number>,
  offset: number,
  what: string,
): void {
  const { dtype, length } = storage;
  if (dtype === 'float16') {
    const bits = encodeFloat16(data).subarray(0, data.length);
    float16Of(heap, storage, what).set(bits, offset);
  } else if (dtype === 'int8') {
    if (data.length !== length)
      throw new Error(
        `${what}: expected all ${length} numbers of an int8 storage, since they share scales, got ${data.length}`,
      );
    const [numbers, scales] = int8Of(heap, storage, what);
    const rounded = toInt8(data, scales.length);
    numbers.set(rounded.numbers);
    scales.set(rounded.scales);
  } else {
    valuesOf(heap, storage, what).set(data, offset);
  }
}

/** Copies `length` elements: bit by bit, but where one type is float16 or int8. @throws RangeError where a range leaves its storage */
export function copyValues(
  heap: Heap,
  from: Storage,
  fromOffset: number,
  to: Storage,
  toOffset: number,
  length: number,
): void {
  for (const [{ length: all }, offset] of [[from, fromOffset] as const, [to, toOffset] as const])
    if (offset < 0 || offset + length > all)
      throw new RangeError(
        `copy: expected a range within ${all} elements, got ${length} from ${offset} on`,
      );
  const isWord = ({ dtype }: Storage): boolean => dtype === 'float32' || dtype === 'int32';
  if (isWord(from) && isWord(to)) {
    const source = addressOf(from, 'copy') / BYTES + fromOffset;
    heap.i32.copyWithin(addressOf(to, 'copy') / BYTES + toOffset, source, source + length);
  } else {
    const source = valuesOf(heap, from, 'copy').subarray(fromOffset, fromOffset + length);
    setValues(heap, to, source, toOffset, 'copy');
  }
}

/** Fills with NaN what can be it, so that an element that a kernel forgets to write shows. */
export function poison(heap: Heap, storage: Storage): void {
  if (storage.dtype === 'float32') valuesOf(heap, storage, 'alloc').fill(NaN);
  if (storage.dtype === 'float16') float16Of(heap, storage, 'alloc').fill(FLOAT16_NAN);
}
const FLOAT16_NAN = 0x7e00;
