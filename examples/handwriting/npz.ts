// Reads the arrays of arrays in an .npz file of NumPy: a zip archive of .npy files whose data are a pickle.
import { inflateRawSync } from 'node:zlib';
import { NumpyArray, unpickle } from './pickle.ts';

/** An array of numbers, row-major. */
export interface NumberArray {
  readonly shape: readonly number[];
  readonly numbers: readonly number[];
}

/** By name, the arrays in each array of objects; other arrays are left out. */
export function readNpz(bytes: Uint8Array): Map<string, NumberArray[]> {
  const found = new Map<string, NumberArray[]>();
  for (const [file, content] of unzip(bytes)) {
    const objects = readObjects(file, content);
    if (!objects) continue;
    const arrays = objects.map((one) => one.decode());
    found.set(file.replace(/\.npy$/, ''), arrays);
  }
  return found;
}

/** The files of a zip archive: PKWARE's APPNOTE.TXT, without encryption and without the parts for more than 4 GB. */
function unzip(bytes: Uint8Array): Map<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) throw new Error('expected an .npz file, which is a zip archive, got something else');
  const files = new Map<string, Uint8Array>();
  let at = view.getUint32(end + 16, true);
  for (let k = view.getUint16(end + 10, true); k > 0; k--) {
    const [method, size] = [view.getUint16(at + 10, true), view.getUint32(at + 20, true)];
    const lengths = [28, 30, 32].map((place) => view.getUint16(at + place, true));
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + lengths[0]));
    const local = view.getUint32(at + 42, true);
    const begin = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const content = bytes.subarray(begin, begin + size);
    if (method !== 0 && method !== 8)
      throw new Error(`${name}: expected a stored or deflated file in the archive, got method ${method}`); // prettier-ignore
    files.set(name, method === 8 ? inflateRawSync(content) : content);
    at += 46 + lengths[0] + lengths[1] + lengths[2];
  }
  return files;
}

/** What is in an .npy file of objects; null for one of numbers. */
function readObjects(file: string, bytes: Uint8Array): NumpyArray[] | null {
  if (String.fromCharCode(...bytes.subarray(0, 6)) !== '\x93NUMPY')
    throw new Error(`${file}: expected an .npy file in the archive, got something else`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = bytes[6] > 1;
  const begin = wide ? 12 : 10;
  const end = begin + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  const header = String.fromCharCode(...bytes.subarray(begin, end));
  if (!/'descr': *'\|O'/.test(header)) return null;
  const root = unpickle(bytes.subarray(end));
  const items = root instanceof NumpyArray ? root.items : null;
  if (!items?.every((item) => item instanceof NumpyArray))
    throw new Error(`${file}: expected an array of arrays, got other objects`);
  return items as NumpyArray[];
}
