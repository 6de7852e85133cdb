/** Writes HDF5 files in the layout that h5py has by default, as small as tests need them: groups, datasets of float32, attributes. */
import { bytesOf, joinBytes, littleEndian } from './zip.ts';

export interface Hdf5Data {
  readonly shape: readonly number[];
  readonly data: readonly number[];
  /** Deflated chunks, in place of numbers in a row. */
  readonly chunks?: { readonly extents: readonly number[]; readonly packed: readonly Uint8Array[] };
}
export interface Hdf5Tree {
  readonly attributes?: Readonly<Record<string, string | readonly string[]>>;
  readonly children?: Readonly<Record<string, Hdf5Tree | Hdf5Data>>;
}

type Bytes = Uint8Array<ArrayBuffer>;
const pad = (bytes: Bytes): Bytes => joinBytes(bytes, new Uint8Array(-bytes.length & 7));
const NONE: readonly (readonly [number, number])[] = [
  [4, 2 ** 32 - 1],
  [4, 2 ** 32 - 1],
];

/** Places are given as things are put down, so that what points comes after what it points to. */
class Writer {
  private readonly parts: Bytes[] = [new Uint8Array(96)];
  private at = 96;

  put(bytes: Bytes): number {
    const begin = this.at;
    const padded = pad(bytes);
    this.parts.push(padded);
    this.at += padded.length;
    return begin;
  }

  header(messages: readonly (readonly [type: number, data: Bytes])[]): number {
    const body = joinBytes(
      ...messages.map(([type, data]) => {
        const padded = pad(data);
        return joinBytes(littleEndian([2, type], [2, padded.length], [4, 0]), padded);
      }),
    );
    const head = littleEndian([2, 1], [2, messages.length], [4, 1], [4, body.length], [4, 0]);
    return this.put(joinBytes(head, body));
  }

  dataset({ shape, data, chunks }: Hdf5Data): number {
    const type = joinBytes(
      littleEndian([1, 0x11], [1, 0x20], [1, 31], [1, 0], [4, 4], [2, 0], [2, 32]),
      littleEndian([1, 23], [1, 8], [1, 0], [1, 23], [4, 127]),
    );
    const messages: [number, Bytes][] = [
      [0x01, spaceOf(shape)],
      [0x03, type],
    ];
    if (chunks) {
      const places = chunks.packed.map((packed) => this.put(packed as Bytes));
      const counts = shape.map((extent, axis) => Math.ceil(extent / chunks.extents[axis]));
      const keys = places.map((place, k) => {
        const at = counts.map(
          (count, axis) =>
            Math.floor(k / counts.slice(axis + 1).reduce((a, b) => a * b, 1)) % count,
        );
        const first = at.map((step, axis) => [8, step * chunks.extents[axis]] as const);
        return littleEndian([4, chunks.packed[k].length], [4, 0], ...first, [8, 0], [8, place]);
      });
      const end = littleEndian([8, 0], ...shape.map(() => [8, 0] as const), [8, 0]);
      const tree = this.put(node(1, [...keys, end], places.length));
      const extents = [...chunks.extents, 4].map((extent) => [4, extent] as const);
      messages.push(
        [0x08, littleEndian([1, 3], [1, 2], [1, shape.length + 1], [8, tree], ...extents)],
        [
          0x0b,
          littleEndian(
            [1, 1],
            [1, 1],
            [4, 0],
            [2, 0],
            [2, 1],
            [2, 0],
            [2, 1],
            [2, 1],
            [4, 6],
            [4, 0],
          ),
        ],
      );
    } else {
      const numbers = new Uint8Array(Float32Array.from(data).buffer);
      const place = this.put(numbers);
      messages.push([0x08, littleEndian([1, 3], [1, 1], [8, place], [8, numbers.length])]);
    }
    return this.header(messages);
  }

  group({ attributes = {}, children = {} }: Hdf5Tree): number {
    const names = Object.keys(children).sort();
    let offset = 8;
    const offsets = names.map((name) => {
      const begin = offset;
      offset += pad(joinBytes(bytesOf(name), new Uint8Array(1))).length;
      return begin;
    });
    const places = names.map((name) => {
      const child = children[name];
      return 'data' in child ? this.dataset(child) : this.group(child);
    });
    const data = joinBytes(
      new Uint8Array(8),
      ...names.map((name) => pad(joinBytes(bytesOf(name), new Uint8Array(1)))),
    );
    const names_ = this.put(data);
    const heap = this.put(
      joinBytes(bytesOf('HEAP'), littleEndian([4, 0], [8, data.length], ...NONE, [8, names_])),
    );
    const entries = places.map((place, k) =>
      littleEndian([8, offsets[k]], [8, place], [8, 0], [8, 0], [8, 0]),
    );
    const table = this.put(
      joinBytes(bytesOf('SNOD'), littleEndian([2, 1], [2, names.length]), ...entries),
    );
    const count = names.length === 0 ? 0 : 1;
    const tree = this.put(node(0, [littleEndian([8, 0], [8, table]), littleEndian([8, 0])], count));
    const texts = Object.entries(attributes).map(([name, value]): [number, Bytes] => [
      0x0c,
      typeof value === 'string' ? this.long(name, value) : attribute(name, value),
    ]);
    return this.header([[0x11, littleEndian([8, tree], [8, heap])], ...texts]);
  }

  /** A text that is kept elsewhere. */
  private long(name: string, text: string): Bytes {
    const bytes = bytesOf(text);
    const size = 32 + pad(bytes).length + 16;
    const object = joinBytes(littleEndian([2, 1], [2, 1], [4, 0], [8, bytes.length]), pad(bytes));
    const heap = this.put(
      joinBytes(bytesOf('GCOL'), littleEndian([4, 1], [8, size]), object, new Uint8Array(16)),
    );
    const type = joinBytes(
      littleEndian([1, 0x19], [1, 1], [1, 1], [1, 0], [4, 16]),
      littleEndian([1, 0x13], [1, 0x10], [2, 0], [4, 1]),
    );
    const value = littleEndian([4, bytes.length], [8, heap], [4, 1]);
    return attributeOf(name, type, spaceOf([]), value);
  }

  finish(root: number): Bytes {
    const head = joinBytes(
      Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a),
      littleEndian([4, 0], [1, 0], [1, 8], [1, 8], [1, 0], [2, 4], [2, 16], [4, 0]),
      littleEndian([8, 0], ...NONE, [8, this.at], ...NONE, [8, 0], [8, root]),
    );
    const file = joinBytes(...this.parts);
    file.set(head);
    return file;
  }
}

const spaceOf = (shape: readonly number[]): Bytes =>
  littleEndian([1, 1], [1, shape.length], [6, 0], ...shape.map((extent) => [8, extent] as const));

function node(type: number, keys: readonly Bytes[], count: number): Bytes {
  return joinBytes(
    bytesOf('TREE'),
    littleEndian([1, type], [1, 0], [2, count], ...NONE, ...NONE),
    ...keys,
  );
}

function attributeOf(name: string, type: Bytes, space: Bytes, value: Bytes): Bytes {
  const text = joinBytes(bytesOf(name), new Uint8Array(1));
  const sizes = littleEndian([2, 1], [2, text.length], [2, type.length], [2, space.length]);
  return joinBytes(sizes, pad(text), pad(type), pad(space), value);
}

/** A list of texts of one length. */
function attribute(name: string, texts: readonly string[]): Bytes {
  const size = Math.max(1, ...texts.map(({ length }) => length));
  const type = littleEndian([1, 0x13], [1, 1], [2, 0], [4, size]);
  const values = texts.map((text) => joinBytes(bytesOf(text), new Uint8Array(size - text.length)));
  return attributeOf(name, type, spaceOf([texts.length]), joinBytes(...values));
}

export function hdf5(root: Hdf5Tree): Bytes {
  const writer = new Writer();
  return writer.finish(writer.group(root));
}
