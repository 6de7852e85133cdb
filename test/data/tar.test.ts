/** Archives, and the folder and archive of aclImdb. */
import { describe, expect, it } from 'vitest';
import { readAclImdb, readTar } from '../../src/data/index.ts';
import type { SingleSource } from '../../src/data/index.ts';
import { gzip, pieces, tar, utf8 } from './support.ts';

const inBrowser = typeof document !== 'undefined';
const nowhere = (): void => undefined;
const serverOnly = inBrowser ? nowhere : it;

async function contents(source: SingleSource): Promise<[string, string][]> {
  const found: [string, string][] = [];
  for await (const file of readTar(source))
    found.push([file.path, new TextDecoder().decode(await file.bytes())]);
  return found;
}

describe('readTar', () => {
  const long = `${'folder/'.repeat(20)}file.txt`;
  const files = [
    { path: 'a/', type: '5' },
    { path: 'a/empty.txt' },
    { path: 'a/b.txt', text: 'x'.repeat(512) },
    { path: 'file.txt', prefix: 'some/folder', text: 'ustar' },
    { path: 'pax', type: 'x', text: `${long.length + 10} path=${long}\n12 mtime=1.\n` },
    { path: 'short', text: 'pax' },
    { path: '././@LongLink', type: 'L', text: `${long}\0` },
    { path: 'short', text: 'gnu' },
    { path: 'v7/', type: '\0' },
    { path: 'v7/file', type: '\0', text: 'v7' },
    { path: 'contiguous', type: '7', text: 'c' },
    { path: 'link', type: '2' },
    { path: 'last', text: 'ä'.repeat(700) },
  ];
  const expected = [
    ['a/empty.txt', ''],
    ['a/b.txt', 'x'.repeat(512)],
    ['some/folder/file.txt', 'ustar'],
    [long, 'pax'],
    [long, 'gnu'],
    ['v7/file', 'v7'],
    ['contiguous', 'c'],
    ['last', 'ä'.repeat(700)],
  ];

  it('gives regular files, long paths whole, in any pieces, gzipped or not', async () => {
    const archive = tar(files);
    for (const size of [100, 512, 1_000_000])
      expect(await contents(pieces(archive, size))).toEqual(expected);
    expect(await contents(new Blob([await gzip(archive)]))).toEqual(expected);
    // Without the two empty blocks at its end.
    expect(await contents(pieces(archive.slice(0, -1024), 700))).toEqual(expected);
  });

  it('leaves out what is not asked for, and reads nothing twice', async () => {
    const sizes: number[] = [];
    for await (const { size } of readTar(pieces(tar(files), 1000))) sizes.push(size);
    expect(sizes).toEqual([0, 512, 5, 3, 3, 2, 1, 1400]);
    const twice = async (): Promise<void> => {
      for await (const file of readTar(pieces(tar(files), 1000))) {
        await file.bytes();
        await file.bytes();
      }
    };
    await expect(twice()).rejects.toThrow(/can be read only once/);
  });

  it('reads sizes of GNU tar and of pax, and refuses those that are none', async () => {
    const sized = (size: string, field: Uint8Array | null = null): Uint8Array[] => {
      const record = ` size=${size}\n`;
      const long = { path: 'pax', type: 'x', text: `${record.length + 2}${record}` };
      const archive = tar([...(size ? [long] : []), { path: 'a', text: 'four' }]);
      const at = size ? 1024 : 0;
      if (field) {
        archive.fill(0, at + 124, at + 136).set(field, at + 124);
        archive.fill(0x20, at + 148, at + 156);
        const sum = archive.subarray(at, at + 512).reduce((total, byte) => total + byte, 0);
        archive.set(utf8(sum.toString(8).padStart(6, '0')), at + 148);
      }
      return [archive];
    };
    expect(await contents(sized('4'))).toEqual([['a', 'four']]);
    expect(await contents(sized('4', utf8('0')))).toEqual([['a', 'four']]);
    expect(await contents(sized('', Uint8Array.of(0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4)))).toEqual(
      [['a', 'four']],
    );
    const minusOne = new Uint8Array(12).fill(0xff);
    const huge = Uint8Array.of(0x80, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 1);
    for (const [source, got] of [
      [sized('', minusOne), '-1'],
      [sized('', huge), '8589934593'],
      [sized('', utf8('-1')), "'-1'"],
      [sized('', utf8('00000000009')), "'00000000009'"],
      [sized('8589934593'), '8589934593'],
      [sized('-1'), '-1'],
      [sized('0.5'), '0.5'],
    ] as const)
      await expect(contents(source)).rejects.toThrow(
        `stream: expected a size from 0 to 8589934592 bytes of 'a', got ${got}; the archive is damaged, or a file is too large`,
      );
    // Eight gibibytes are announced and four bytes are there: no memory is taken for the others.
    await expect(contents(sized('8589934592'))).rejects.toThrow(/it is cut off/);
  });

  it('finds out what is no archive, or a part of one', async () => {
    const bytes = tar([{ path: 'a', text: 'x'.repeat(2000) }]);
    await expect(contents(pieces(bytes.slice(0, 1500), 99))).rejects.toThrow(/it is cut off/);
    await expect(contents(pieces(bytes.slice(0, 300), 99))).rejects.toThrow(/it is cut off/);
    const text = async function* () {
      yield 'text';
    };
    await expect(contents(text)).rejects.toThrow(
      /stream: expected bytes of a tar archive, got text/,
    );
    await expect(contents([utf8('no archive '.repeat(100))])).rejects.toThrow(
      /stream: expected a tar archive \(perhaps gzipped\), got something else/,
    );
  });
});

describe('readAclImdb', () => {
  const reviews: Record<string, string> = {
    'test/neg/0_1.txt': 'test bad',
    'train/neg/0_3.txt': 'bad',
    'train/neg/10_1.txt': 'worst',
    'train/pos/0_9.txt': 'good <br />',
    'train/pos/2_10.txt': 'best',
    'train/unsup/0_0.txt': 'who knows',
  };
  const train = [
    { text: 'bad', label: 0, rating: 3, id: 0 },
    { text: 'good <br />', label: 1, rating: 9, id: 0 },
    { text: 'best', label: 1, rating: 10, id: 2 },
    { text: 'worst', label: 0, rating: 1, id: 10 },
  ];
  const archive = (extra: Record<string, string> = {}) =>
    gzip(
      tar(
        Object.entries({ ...reviews, ...extra }).map(([path, text]) => ({
          path: `aclImdb/${path}`,
          text,
        })),
      ),
    );

  it('reads the archive, in its order', async () => {
    const source = new Blob([await archive()]);
    const [bad, good, best, worst] = train;
    const found = readAclImdb(source, { subset: 'train' });
    expect(await found.toArray()).toEqual([bad, worst, good, best]);
    expect(await readAclImdb(source, { subset: 'test' }).toArray()).toEqual([
      { text: 'test bad', label: 0, rating: 1, id: 0 },
    ]);
    expect(await readAclImdb(source, { subset: 'unsup' }).toArray()).toEqual([
      { text: 'who knows', label: -1, rating: 0, id: 0 },
    ]);
  });

  it('reads the files of a folder that was chosen in a page, by id', async () => {
    const files = Object.entries(reviews).map(([path, text]) =>
      Object.defineProperty(new File([text], path.split('/').at(-1)!), 'webkitRelativePath', {
        value: `aclImdb/${path}`,
      }),
    );
    expect(await readAclImdb(files, { subset: 'train' }).toArray()).toEqual(train);
  });

  it('says what is missing, and which file is malformed', async () => {
    await expect(readAclImdb([tar([])], { subset: 'train' }).toArray()).rejects.toThrow(
      /expected files like train\/neg\/0_3\.txt, found none/,
    );
    expect(() => readAclImdb([], { subset: 'val' as never })).toThrow(/got 'val'/);
    const source = new Blob([await archive({ 'train/neg/notes.txt': '' })]);
    await expect(readAclImdb(source, { subset: 'train' }).toArray()).rejects.toThrow(
      /aclImdb\/train\/neg\/notes\.txt, line 1: expected a file named ID_RATING\.txt/,
    );
    const skipping = readAclImdb(source, { subset: 'train', onMalformed: 'skip' });
    expect(await skipping.toArray()).toHaveLength(4);
    expect(skipping.skipped).toBe(1);
  });

  serverOnly('reads the folder, by id, and the archive by its path', async () => {
    const { mkdir, mkdtemp, rm, writeFile } = await import('node:fs/promises');
    const { tmpdir } = await import('node:os');
    const folder = await mkdtemp(`${tmpdir()}/gatefold-`);
    try {
      for (const [path, text] of Object.entries(reviews)) {
        await mkdir(`${folder}/${path}`.replace(/\/[^/]*$/, ''), { recursive: true });
        await writeFile(`${folder}/${path}`, text);
      }
      await writeFile(`${folder}/a.tar.gz`, await archive());
      expect(await readAclImdb(folder, { subset: 'train' }).toArray()).toEqual(train);
      expect(await readAclImdb(`${folder}/a.tar.gz`, { subset: 'train' }).toArray()).toHaveLength(
        4,
      );
      await expect(readAclImdb(`${folder}/none`, { subset: 'train' }).toArray()).rejects.toThrow(
        /^cannot read .*none \(ENOENT/,
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
