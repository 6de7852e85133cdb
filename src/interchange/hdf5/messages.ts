/** Parts of HDF5's object headers (HDF5 File Format Specification 3.0, IV.A.2): what a dataset or an attribute is, and where its numbers are. */
import { sizeOf } from '../../tensor.ts';
import type { Bytes } from '../bytes.ts';
import type { ElementType } from '../elements.ts';

const MAX_RANK = 32;

/** A place in the file; null for none. */
export function addressAt(bytes: Bytes, at: number): number | null {
  const isNone = [...bytes.part(at, 8)].every((byte) => byte === 0xff);
  return isNone ? null : bytes.u64(at);
}

/** A whole number of 1, 2, 4 or 8 bytes. */
export function numberAt(bytes: Bytes, at: number, size: number): number {
  if (size === 1) return bytes.u8(at);
  return size === 2 ? bytes.u16(at) : size === 4 ? bytes.u32(at) : bytes.u64(at);
}

// ---- types ------------------------------------------------------------------------------------------------------------

export type DataType =
  | {
      readonly kind: 'numbers';
      readonly size: number;
      readonly type: ElementType;
      readonly bigEndian: boolean;
    }
  /** `size` bytes each, ended by zeros or filled with spaces. */
  | { readonly kind: 'texts'; readonly size: number }
  /** Of any length, kept elsewhere. */
  | { readonly kind: 'long texts'; readonly size: 16 }
  | { readonly kind: 'other'; readonly size: number; readonly name: string };

const CLASSES = [
  'integers',
  'floats',
  'times',
  'texts',
  'bit fields',
  'opaque',
  'compounds',
  'references',
  'enums',
  'lists',
  'arrays',
];

export function dataTypeAt(bytes: Bytes, at: number): DataType {
  const kind = bytes.u8(at) & 15;
  const flags = bytes.u8(at + 1);
  const size = bytes.u32(at + 4);
  const other = { kind: 'other', size, name: CLASSES[kind] ?? `class ${kind}` } as const;
  const bigEndian = (flags & 1) === 1;
  if (kind === 0 && [1, 2, 4, 8].includes(size)) {
    const type = `${(flags & 8) !== 0 ? 'int' : 'uint'}${8 * size}` as ElementType;
    return { kind: 'numbers', size, type, bigEndian };
  }
  if (kind === 1 && (flags & 64) === 0) {
    const exponent = bytes.u8(at + 13);
    const found = (
      { 2: exponent === 8 ? 'bfloat16' : 'float16', 4: 'float32', 8: 'float64' } as const
    )[size];
    return found ? { kind: 'numbers', size, type: found, bigEndian } : other;
  }
  if (kind === 3) return { kind: 'texts', size };
  // A truth value of h5py is an enum of bytes.
  if (kind === 8) return (bytes.u8(at + 8) & 15) === 0 ? dataTypeAt(bytes, at + 8) : other;
  if (kind === 9 && (flags & 15) === 1) return { kind: 'long texts', size: 16 };
  return other;
}

// ---- shapes -----------------------------------------------------------------------------------------------------------

/** Null for a dataspace without elements. */
export function shapeAt(bytes: Bytes, at: number): number[] | null {
  const version = bytes.u8(at);
  const rank = bytes.u8(at + 1);
  if (version < 1 || version > 2 || rank > MAX_RANK)
    bytes.fail(at, `expected a dataspace of at most ${MAX_RANK} axes`);
  if (version === 2 && bytes.u8(at + 3) === 2) return null;
  const first = at + (version === 1 ? 8 : 4);
  const shape = Array.from({ length: rank }, (_, axis) => bytes.u64(first + 8 * axis));
  if (!Number.isSafeInteger(8 * sizeOf(shape)))
    bytes.fail(at, `expected a shape that fits a memory, got [${shape}]`);
  return shape;
}

// ---- where numbers are ------------------------------------------------------------------------------------------------

export type Layout =
  | { readonly kind: 'compact'; readonly at: number; readonly size: number }
  | { readonly kind: 'contiguous'; readonly at: number | null; readonly size: number }
  /** `chunk`: the extents of a chunk, without the size of an element. */
  | { readonly kind: 'chunked'; readonly tree: number | null; readonly chunk: readonly number[] };

export function layoutAt(bytes: Bytes, at: number): Layout {
  const version = bytes.u8(at);
  const kind = bytes.u8(at + 1);
  if (version === 3 || version === 4) {
    if (kind === 0) return { kind: 'compact', at: at + 4, size: bytes.u16(at + 2) };
    if (kind === 1)
      return { kind: 'contiguous', at: addressAt(bytes, at + 2), size: bytes.u64(at + 10) };
    if (kind === 2 && version === 3) {
      const rank = bytes.u8(at + 2) - 1;
      if (rank < 1 || rank > MAX_RANK) bytes.fail(at, 'expected chunks with axes');
      const chunk = Array.from({ length: rank }, (_, axis) => bytes.u32(at + 11 + 4 * axis));
      return { kind: 'chunked', tree: addressAt(bytes, at + 3), chunk };
    }
  }
  throw new Error(
    `${bytes.file}, byte ${at}: expected data in a layout that h5py writes by default, got layout ${kind} of version ${version}; ` +
      "write the file again without libver='latest'",
  );
}

/** The filters that chunks went through, in that order. */
export function filtersAt(bytes: Bytes, at: number): number[] {
  const version = bytes.u8(at);
  const count = bytes.u8(at + 1);
  let place = at + (version === 1 ? 8 : 2);
  return Array.from({ length: count }, () => {
    const id = bytes.u16(place);
    const hasName = version === 1 || id >= 256;
    const named = hasName ? bytes.u16(place + 2) : 0;
    const values = bytes.u16(place + (hasName ? 6 : 4));
    const name = version === 1 ? 8 * Math.ceil(named / 8) : named;
    const padding = version === 1 && values % 2 === 1 ? 4 : 0;
    place += (hasName ? 8 : 6) + name + 4 * values + padding;
    if (id < 1 || id > 3)
      throw new Error(
        `${bytes.file}, byte ${at}: expected data that is plain, shuffled or deflated, got filter ${id}; write the file again with compression='gzip' or none`,
      );
    return id;
  });
}
