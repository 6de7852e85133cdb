/** The numbers and the texts of HDF5's datasets and attributes. */
import { sizeOf } from '../../tensor.ts';
import type { Bytes } from '../bytes.ts';
import { decodeElements } from '../elements.ts';
import type { FileTensor } from '../elements.ts';
import { unpack } from '../zip.ts';
import { treeLeaves } from './tree.ts';
import { addressAt } from './messages.ts';
import type { DataType, Layout } from './messages.ts';

/** Where the elements of a dataset are, and what they are. */
export interface Stored {
  readonly path: string;
  readonly dataType: DataType;
  readonly shape: readonly number[];
  readonly layout: Layout;
  readonly filters: readonly number[];
}

/** How many times the file's own size a dataset may have, and how much anyway. */
const MAX_RATIO = 100;
const FREE_BYTES = 2 ** 24;
const DEFLATE = 1;
const SHUFFLE = 2;
const CHECKSUM = 3;

export async function readNumbers(bytes: Bytes, stored: Stored): Promise<FileTensor> {
  const { path, dataType, shape } = stored;
  if (dataType.kind !== 'numbers')
    throw new Error(
      `${bytes.file}: expected numbers in '${path}', got ${dataType.kind === 'other' ? dataType.name : dataType.kind}`,
    );
  const data = await contentOf(bytes, stored);
  const { type, bigEndian } = dataType;
  return { type, shape, data: decodeElements(type, data, bigEndian) };
}

async function contentOf(bytes: Bytes, stored: Stored): Promise<Uint8Array> {
  const { path, dataType, shape, layout } = stored;
  const size = sizeOf(shape) * dataType.size;
  if (layout.kind !== 'chunked' && layout.at !== null) {
    if (size > 0 && layout.size !== size)
      bytes.fail(layout.at, `expected ${size} bytes of '${path}' [${shape}], got ${layout.size}`);
    return bytes.part(layout.at, size);
  }
  if (size > Math.max(FREE_BYTES, MAX_RATIO * bytes.length))
    throw new Error(
      `${bytes.file}: expected datasets of at most ${MAX_RATIO} times the ${bytes.length} bytes of the file, got '${path}' of [${shape}]; it would fill the memory`,
    );
  // What was never written is zero.
  const content = new Uint8Array(size);
  if (layout.kind === 'chunked' && layout.tree !== null)
    await readChunks(bytes, stored, layout.chunk, layout.tree, content);
  return content;
}

// ---- chunks -----------------------------------------------------------------------------------------------------------

async function readChunks(
  bytes: Bytes,
  { path, dataType, shape, filters }: Stored,
  chunk: readonly number[],
  tree: number,
  content: Uint8Array,
): Promise<void> {
  const size = sizeOf(chunk) * dataType.size;
  const rank = shape.length;
  // A chunk may reach beyond the end of the dataset, but not be much larger.
  if (
    chunk.length !== rank ||
    chunk.includes(0) ||
    size > Math.max(FREE_BYTES, MAX_RATIO * bytes.length)
  )
    bytes.fail(tree, `expected chunks of '${path}' [${shape}], got [${chunk}]`);
  const seen = new Set<number>();
  const once = (at: number): void => {
    if (seen.has(at)) bytes.fail(at, 'expected a node of a tree once, got it again: a loop');
    seen.add(at);
  };
  const found = new Set<string>();
  for (const { key, child } of treeLeaves(bytes, tree, { type: 1, key: 8 * (rank + 2), once })) {
    const first = shape.map((_, axis) => bytes.u64(key + 8 + 8 * axis));
    const isPlace = first.every((from, axis) => from % chunk[axis] === 0 && from < shape[axis]);
    if (!isPlace || found.has(String(first)))
      bytes.fail(key, `expected a chunk of '${path}' [${shape}], got one at [${first}]`);
    found.add(String(first));
    const packed = bytes.part(child, bytes.u32(key));
    const plain = await unfiltered(
      bytes,
      child,
      packed,
      filters,
      bytes.u32(key + 4),
      size,
      dataType.size,
    );
    place(plain, chunk, first, content, shape, dataType.size);
  }
}

async function unfiltered(
  bytes: Bytes,
  at: number,
  packed: Uint8Array,
  filters: readonly number[],
  skipped: number,
  size: number,
  width: number,
): Promise<Uint8Array> {
  let data = packed;
  for (let k = filters.length - 1; k >= 0; k--) {
    if (((skipped >>> k) & 1) === 1) continue;
    if (filters[k] === CHECKSUM) data = data.subarray(0, Math.max(0, data.length - 4));
    else if (filters[k] === SHUFFLE) data = unshuffled(data, width);
    else if (filters[k] === DEFLATE) {
      const checked = filters.slice(0, k).includes(CHECKSUM) ? 4 : 0;
      data = await unpack(data, 'deflate', size + checked, (problem) =>
        bytes.fail(at, `a chunk cannot be unpacked: ${problem}`),
      );
    }
  }
  return data.length === size
    ? data
    : bytes.fail(at, `expected a chunk of ${size} bytes, got ${data.length}`);
}

/** From all first bytes, all second bytes … to elements. */
function unshuffled(data: Uint8Array, width: number): Uint8Array {
  const count = Math.floor(data.length / width);
  const result = data.slice();
  for (let byte = 0; byte < width; byte++)
    for (let i = 0; i < count; i++) result[i * width + byte] = data[byte * count + i];
  return result;
}

/** Copies what of a chunk lies in the dataset, run by run along the last axis. */
function place(
  data: Uint8Array,
  chunk: readonly number[],
  first: readonly number[],
  content: Uint8Array,
  shape: readonly number[],
  width: number,
): void {
  const last = chunk.length - 1;
  const inside = chunk.map((extent, axis) => Math.min(extent, shape[axis] - first[axis]));
  const at = chunk.map(() => 0);
  for (let runs = sizeOf(inside.slice(0, -1)); runs > 0; runs--) {
    const from = at.reduce((sum, k, axis) => sum * chunk[axis] + k, 0) * width;
    const to = at.reduce((sum, k, axis) => sum * shape[axis] + first[axis] + k, 0) * width;
    content.set(data.subarray(from, from + inside[last] * width), to);
    for (let axis = last - 1; axis >= 0; axis--) {
      if (++at[axis] < inside[axis]) break;
      at[axis] = 0;
    }
  }
}

// ---- texts ------------------------------------------------------------------------------------------------------------

export function textsAt(
  bytes: Bytes,
  dataType: DataType,
  count: number,
  at: number,
  name: string,
): string[] {
  const { kind, size } = dataType;
  if (kind === 'texts')
    return Array.from({ length: count }, (_, k) => {
      const part = bytes.part(at + k * size, size);
      const end = part.indexOf(0);
      return bytes.text(at + k * size, end < 0 ? size : end);
    });
  if (kind !== 'long texts')
    throw new Error(
      `${bytes.file}: expected texts or numbers in '${name}', got ${kind === 'other' ? dataType.name : kind}`,
    );
  const heaps = new Map<number, ReadonlyMap<number, { at: number; size: number }>>();
  return Array.from({ length: count }, (_, k) => {
    const place = at + 16 * k;
    const heap = addressAt(bytes, place + 4);
    if (heap === null || bytes.u32(place) === 0) return '';
    const objects = heaps.get(heap) ?? heapAt(bytes, heap);
    heaps.set(heap, objects);
    const found = objects.get(bytes.u32(place + 12));
    const length = bytes.u32(place);
    if (!found || length > found.size) return bytes.fail(place, `expected the text of '${name}'`);
    return bytes.text(found.at, length);
  });
}

/** A global heap: its objects by their numbers. */
function heapAt(bytes: Bytes, at: number): Map<number, { at: number; size: number }> {
  if (!bytes.has(at, 'GCOL')) bytes.fail(at, 'expected texts');
  const end = at + bytes.u64(at + 8);
  bytes.need(at, end - at);
  const objects = new Map<number, { at: number; size: number }>();
  for (let place = at + 16; place + 16 <= end;) {
    const index = bytes.u16(place);
    const size = bytes.u64(place + 8);
    if (index === 0) break;
    objects.set(index, { at: place + 16, size });
    place += 16 + 8 * Math.ceil(size / 8);
  }
  return objects;
}
