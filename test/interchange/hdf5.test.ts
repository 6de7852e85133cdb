/** HDF5 files, honest and hostile. */
import { describe, expect, it } from 'vitest';
import { openHdf5, textsOf } from '../../src/interchange/hdf5/objects.ts';
import type { Hdf5Group } from '../../src/interchange/hdf5/objects.ts';
import { formatFile } from '../support/formats.ts';
import { hdf5 } from '../support/hdf5.ts';
import { mutations } from '../support/mutations.ts';
import { deflate, littleEndian } from '../support/zip.ts';

const tree = {
  attributes: { config: '{"a": "ß"}', names: ['one', 'three'] },
  children: {
    group: { children: { numbers: { shape: [2, 3], data: [1, 2, 3, 4, 5, 6.5] } } },
    scalar: { shape: [], data: [7] },
    empty: {},
  },
};
const values = async (group: Hdf5Group, name: string) =>
  Array.from((await group.datasets.get(name)!.read()).data as Float32Array);

/** Reads everything that is in a group. */
async function readAll(group: Hdf5Group): Promise<void> {
  for (const attribute of group.attributes.values()) await attribute.read();
  for (const dataset of group.datasets.values()) await dataset.read();
  for (const inner of group.groups.values()) await readAll(inner);
}
/** Puts bytes over others. */
function patched(file: Uint8Array<ArrayBuffer>, at: number, bytes: Uint8Array) {
  const copy = file.slice();
  copy.set(bytes, at);
  return copy;
}
const find = (file: Uint8Array, mark: string, from = 0): number => {
  for (let at = from; at < file.length; at++)
    if ([...mark].every((letter, i) => file[at + i] === letter.charCodeAt(0))) return at;
  throw new Error(`no ${mark}`);
};

describe('HDF5', () => {
  it('reads groups, datasets and attributes', async () => {
    const root = openHdf5('a.h5', hdf5(tree));
    expect([...root.groups.keys()]).toEqual(['empty', 'group']);
    const inner = root.groups.get('group')!;
    expect([inner.path, inner.datasets.get('numbers')!.path]).toEqual(['/group', '/group/numbers']);
    expect(inner.datasets.get('numbers')!.shape).toEqual([2, 3]);
    expect(await values(inner, 'numbers')).toEqual([1, 2, 3, 4, 5, 6.5]);
    expect(await values(root, 'scalar')).toEqual([7]);
    expect(await textsOf(root, 'config', 'a.h5')).toEqual(['{"a": "ß"}']);
    expect(await textsOf(root, 'names', 'a.h5')).toEqual(['one', 'three']);
    expect(await textsOf(root, 'none', 'a.h5')).toBeNull();
  });

  it('reads chunks that were deflated, those at the edge too', async () => {
    const whole = Float32Array.from({ length: 15 }, (_, i) => i);
    const chunk = (rows: number[], columns: number[]) =>
      deflate(
        new Uint8Array(
          Float32Array.from(
            rows.flatMap((r) => columns.map((c) => (r < 3 && c < 5 ? 5 * r + c : -1))),
          ).buffer,
        ),
        'deflate',
      );
    const packed = await Promise.all([
      chunk([0, 1], [0, 1, 2]),
      chunk([0, 1], [3, 4, 5]),
      chunk([2, 3], [0, 1, 2]),
      chunk([2, 3], [3, 4, 5]),
    ]);
    const data = { shape: [3, 5], data: [], chunks: { extents: [2, 3], packed } };
    const file = hdf5({ children: { data } });
    expect(await values(openHdf5('a.h5', file), 'data')).toEqual([...whole]);
    const long = [packed[0], packed[1], packed[2], await deflate(new Uint8Array(25), 'deflate')];
    const bomb = hdf5({
      children: { data: { ...data, chunks: { extents: [2, 3], packed: long } } },
    });
    await expect(values(openHdf5('a.h5', bomb), 'data')).rejects.toThrow(
      /a\.h5, byte \d+: a chunk cannot be unpacked: it is longer than the 24 bytes/,
    );
  });

  it('refuses files that lead in circles', () => {
    const file = hdf5(tree);
    // The root's table of the group inside names the root's own header.
    const root = file[64] + 256 * file[65];
    const tables = [...Array(3)].reduce<number[]>(
      (at) => [...at, find(file, 'SNOD', (at.at(-1) ?? -1) + 1)],
      [],
    );
    const table = tables[2];
    for (const entry of [0, 1, 2]) {
      const loop = patched(file, table + 8 + 40 * entry + 8, littleEndian([8, root]));
      expect(() => openHdf5('a.h5', loop)).toThrow(
        /a\.h5, byte \d+: expected .* once, got it again: a loop/,
      );
    }
    // A header whose continuation is itself.
    const more = patched(
      file,
      root + 16,
      littleEndian([2, 0x10], [2, 16], [4, 0], [8, root + 16], [8, 24]),
    );
    expect(() => openHdf5('a.h5', more)).toThrow(/expected each part of a header once: a loop/);
    // A tree whose child is itself.
    const trees = find(file, 'TREE');
    const deep = patched(file, trees + 5, littleEndian([1, 200], [2, 1]));
    const down = patched(deep, trees + 32, littleEndian([8, trees]));
    expect(() => openHdf5('a.h5', down)).toThrow(/a loop|expected a node/);
  });

  it('refuses datasets that would fill the memory', async () => {
    const data = { shape: [2 ** 20, 2 ** 20], data: [1] };
    const root = openHdf5('a.h5', hdf5({ children: { data } }));
    await expect(values(root, 'data')).rejects.toThrow(/expected 4398046511104 bytes of '\/data'/);
    const packed = [await deflate(new Uint8Array(24), 'deflate')];
    const chunks = { extents: [2, 3], packed };
    const open = (shape: number[]) =>
      openHdf5('a.h5', hdf5({ children: { data: { shape, data: [], chunks } } }));
    await expect(values(open([2 ** 20, 2 ** 20]), 'data')).rejects.toThrow(
      /expected datasets of at most 100 times the \d+ bytes of the file, got '\/data' of \[1048576,1048576\]; it would fill the memory/,
    );
    expect(() => open([2 ** 40, 2 ** 40])).toThrow(/expected a shape that fits a memory/);
  });

  it('names what h5py writes otherwise', () => {
    const file = hdf5(tree);
    const root = file[64] + 256 * file[65];
    const heaps = littleEndian([2, 2], [2, 24], [4, 0], [2, 0], [8, 800], [8, 800]);
    expect(() => openHdf5('a.h5', patched(file, root + 16, heaps))).toThrow(
      /a\.h5: expected a group '\/' in the layout that h5py writes by default, got one with a fractal heap; write the file again without libver='latest'/,
    );
    expect(() => openHdf5('a.h5', new Uint8Array(9))).toThrow(
      /a\.h5, byte 0: expected an HDF5 file/,
    );
  });

  it.each(['tagger.weights.h5.gz', 'legacy_functional.h5.gz'])(
    'ends with an error that names the file, however %s is damaged',
    async (name) => {
      // Most bytes are numbers or unused: the first ones and the configuration matter.
      await mutations((await formatFile('keras', name)).slice(0, 12_000), 300, (damaged) =>
        readAll(openHdf5('a.h5', damaged)),
      );
    },
  );

  it('ends with an error that names the file, however a small one is damaged', async () => {
    await mutations(hdf5(tree), 1000, (damaged) => readAll(openHdf5('a.h5', damaged)));
  });
});
