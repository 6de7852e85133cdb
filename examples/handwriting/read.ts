// Reads drawings from files (in Node and Deno): a folder with NAME.index.json and NAME.i16.bin, or NAME.npz of sketch-rnn and Quick, Draw!.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Drawing, Drawings } from './drawings.ts';
import { readNpz } from './npz.ts';

/** Points of each drawing, by part; the parts follow one another in the order of the index. */
interface Index {
  readonly splits: Readonly<Record<string, { readonly lengths: readonly number[] }>>;
}

const PARTS = ['train', 'valid', 'test'] as const;

/**
 * @param path an .npz file with the arrays train, valid and test; or a folder with one index, { "splits": { "train": { "lengths": [...] }, "valid":
 *   ..., "test": ... } }, and the points of all its drawings one after the other, int16 little-endian triples dx, dy, pen; each perhaps gzipped
 */
export async function readDrawings(path: string): Promise<Drawings> {
  const { name, parts } = path.endsWith('.npz') ? await fromNpz(path) : await fromFolder(path);
  for (const part of PARTS)
    if (!parts.get(part)?.length)
      throw new Error(
        `${path}: expected drawings in train, valid and test, got ${[...parts.keys()].join(', ')}`,
      );
  const [train, valid, test] = PARTS.map((part) => parts.get(part)!);
  return { name, train, valid, test };
}

interface Parts {
  readonly name: string;
  readonly parts: ReadonlyMap<string, readonly Drawing[]>;
}

async function fromFolder(folder: string): Promise<Parts> {
  const names = await readdir(folder);
  const indexes = names.filter((name) => /\.index\.json(\.gz)?$/.test(name));
  if (indexes.length !== 1)
    throw new Error(
      `expected one file NAME.index.json or NAME.index.json.gz in ${folder}, got ${indexes.length}`,
    );
  const name = indexes[0].replace(/\.index\.json(\.gz)?$/, '');
  const points = names.find((one) => one === `${name}.i16.bin` || one === `${name}.i16.bin.gz`);
  if (points === undefined)
    throw new Error(
      `expected ${name}.i16.bin or ${name}.i16.bin.gz in ${folder}, got no such file`,
    );
  const { splits } = JSON.parse(String(await readBytes(join(folder, indexes[0])))) as Index;
  const bytes = await readBytes(join(folder, points));
  const lengths = Object.values(splits).flatMap((split) => split.lengths);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (bytes.length !== 6 * total)
    throw new Error(
      `${join(folder, points)}: expected 6 bytes for each of the ${total} points of the index, got ${bytes.length} bytes`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const numbers = Int16Array.from({ length: 3 * total }, (_, i) => view.getInt16(2 * i, true));
  let begin = 0;
  const parts = Object.entries(splits).map(([part, split]): [string, Drawing[]] => [
    part,
    split.lengths.map((length) => numbers.subarray(begin, (begin += 3 * length))),
  ]);
  return { name, parts: new Map(parts) };
}

async function fromNpz(file: string): Promise<Parts> {
  const arrays = readNpz(await readFile(file));
  const parts = [...arrays].map(([part, drawings]): [string, Drawing[]] => [
    part,
    drawings.map(({ shape, numbers }) => {
      if (shape.length !== 2 || shape[1] !== 3)
        throw new Error(`${file}: expected drawings [points, 3], got one of [${shape.join(', ')}]`);
      return Int16Array.from(numbers, Math.round);
    }),
  ]);
  return { name: file.replace(/^.*[\\/]|\.npz$/g, ''), parts: new Map(parts) };
}

async function readBytes(file: string): Promise<Buffer> {
  const bytes = await readFile(file);
  return file.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}
