/**
 * The safetensors format (https://github.com/huggingface/safetensors): 8 bytes with the length of a JSON header, the header,
 * then the bytes of the tensors.
 */
import type { NumericArray } from '../backend.ts';

/** Numbers on the host with their shape. */
export interface HostTensor {
  /** Row-major values; the type of the array is that of the tensor. */
  readonly data: NumericArray;
  /** Extents of the axes; [] for a single number. */
  readonly shape: readonly number[];
}

/** What is in a file of safetensors. */
export interface TensorFile {
  /** By name, in the order of the file. */
  readonly tensors: ReadonlyMap<string, HostTensor>;
  /** Texts by name, which stand beside the tensors. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Bytes before the header. */
export const PREFIX_BYTES = 8;

/** Of the types that the library stores. */
export const ARRAYS = { F32: Float32Array, F64: Float64Array, I32: Int32Array } as const;
export type StoredType = keyof typeof ARRAYS;
