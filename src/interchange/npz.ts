/** NumPy's files: `.npz`, a zip archive of arrays, and `.npy`, one array (numpy/lib/format.py). Arrays of objects are pickles, and refused. */
import { sizeOf } from '../tensor.ts';
import { Bytes } from './bytes.ts';
import { decodeElements, ELEMENT_BYTES } from './elements.ts';
import type { ElementType, FileTensor } from './elements.ts';
import { openFile } from './source.ts';
import type { FileSource, ReadOptions } from './source.ts';
import { isZip, openZip } from './zip.ts';

const MAGIC = '\x93NUMPY';
const MAX_RANK = 64;

export async function readNpz(
  source: FileSource,
  options: ReadOptions = {},
): Promise<Map<string, FileTensor>> {
  const file = await openFile('readNpz', source, options);
  return arraysIn(file.name, await file.whole());
}

export async function arraysIn(name: string, bytes: Uint8Array): Promise<Map<string, FileTensor>> {
  if (!isZip(bytes)) {
    const [, own = 'array'] = /([^/\\]*)\.npy$/.exec(name) ?? [];
    return new Map([[own, arrayOf(new Bytes(name, bytes))]]);
  }
  const archive = openZip(name, bytes);
  const arrays = new Map<string, FileTensor>();
  for (const path of archive.sizes.keys())
    arrays.set(
      path.replace(/\.npy$/, ''),
      arrayOf(new Bytes(`${name} (${path})`, await archive.read(path))),
    );
  return arrays;
}

function arrayOf(bytes: Bytes): FileTensor {
  if (!bytes.has(0, MAGIC)) bytes.fail(0, 'expected an array of NumPy');
  const wide = bytes.u8(6) > 1;
  const begin = wide ? 12 : 10;
  const length = wide ? bytes.u32(8) : bytes.u16(8);
  const { type, bigEndian, fortran, shape } = headerOf(bytes, bytes.text(begin, length));
  const size = sizeOf(shape) * ELEMENT_BYTES[type];
  const first = begin + length;
  if (!Number.isSafeInteger(size) || first + size !== bytes.length)
    bytes.fail(first, `expected ${size} bytes of ${type} [${shape}], got ${bytes.length - first}`);
  const content = bytes.part(first, size);
  const plain = fortran ? rowMajor(content, shape, ELEMENT_BYTES[type]) : content;
  return { type, shape, data: decodeElements(type, plain, bigEndian) };
}

const KINDS: Readonly<Record<string, string>> = { f: 'float', i: 'int', u: 'uint' };

/** A dictionary as Python writes it: `{'descr': '<f4', 'fortran_order': False, 'shape': (4, 3), }`. */
function headerOf(bytes: Bytes, text: string) {
  const [, descr] = /'descr': *'([^']*)'/.exec(text) ?? [];
  const [, order] = /'fortran_order': *(True|False)/.exec(text) ?? [];
  const [, extents] = /'shape': *\(([\d, ]*)\)/.exec(text) ?? [];
  if (order === undefined || extents === undefined)
    return bytes.fail(10, 'expected type, order and shape of an array');
  const [, mark, kind, width] = /^([<>|=])([a-zA-Z])(\d+)$/.exec(descr ?? '') ?? [];
  const type = kind === 'b' ? 'bool' : `${KINDS[kind] ?? ''}${8 * Number(width)}`;
  if (!Object.hasOwn(ELEMENT_BYTES, type))
    throw new Error(
      `${bytes.file}: expected an array of numbers or truth values, got one of ${descr ?? 'records'}; ` +
        (descr?.includes('O')
          ? 'arrays of objects are pickles, which may run programs'
          : 'convert it with astype()'),
    );
  const shape = extents
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  if (shape.length > MAX_RANK) bytes.fail(10, `expected at most ${MAX_RANK} axes`);
  return { type: type as ElementType, bigEndian: mark === '>', fortran: order === 'True', shape };
}

/** From an array whose first axis changes fastest. */
function rowMajor(content: Uint8Array, shape: readonly number[], width: number): Uint8Array {
  const result = new Uint8Array(content.length);
  const strides = shape.map((_, axis) => sizeOf(shape.slice(0, axis)) * width);
  const place = shape.map(() => 0);
  for (let to = 0, from = 0; to < result.length; to += width) {
    for (let byte = 0; byte < width; byte++) result[to + byte] = content[from + byte];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++place[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      place[axis] = 0;
    }
  }
  return result;
}
