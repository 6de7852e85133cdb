/** Zip archives, honest and hostile. */
import { describe, expect, it } from 'vitest';
import { crc32 } from '../../src/interchange/crc32.ts';
import { openZip } from '../../src/interchange/zip.ts';
import { bytesOf, deflate, zip } from '../support/zip.ts';
import { mutations } from '../support/mutations.ts';

const hello = bytesOf('hello, hello, hello, hello');

describe('zip archives', () => {
  it('gives back what is stored and what is deflated', async () => {
    const packed = await deflate(hello);
    const archive = openZip(
      'a.zip',
      zip([
        { path: 'folder/', content: new Uint8Array(0) },
        { path: 'folder/stored.txt', content: hello },
        { path: 'packed', content: packed, method: 8, size: hello.length, crc: crc32(hello) },
        { path: 'größe', content: new Uint8Array(0) },
      ]),
    );
    expect([...archive.sizes]).toEqual([
      ['folder/stored.txt', hello.length],
      ['packed', hello.length],
      ['größe', 0],
    ]);
    for (const path of ['folder/stored.txt', 'packed'])
      expect(Array.from(await archive.read(path))).toEqual(Array.from(hello));
    await expect(archive.read('missing')).rejects.toThrow(
      /a\.zip: expected an entry 'missing', got folder\/stored\.txt, packed/,
    );
  });

  it.each(['../up', '/root', 'a/../../b', 'C:\\a', 'a\\b', 'a//b', './a', 'a\0b', ''])(
    'refuses the path %j',
    (path) => {
      expect(() => openZip('a.zip', zip([{ path, content: hello }]))).toThrow(
        /a\.zip: expected entries with plain paths, got "/,
      );
    },
  );

  it('refuses symbolic links, encryption, other methods and an entry twice', () => {
    const one = { path: 'a', content: hello };
    const open =
      (...parts: Parameters<typeof zip>[0]) =>
      () =>
        openZip('a.zip', zip(parts));
    expect(open({ ...one, attributes: 0o120777 * 2 ** 16 })).toThrow(/'a', a symbolic link/);
    expect(open({ ...one, flags: 1 })).toThrow(/expected 'a' stored or deflated, got it encrypted/);
    expect(open({ ...one, method: 93 })).toThrow(/expected 'a' stored or deflated, got method 93/);
    expect(open(one, one)).toThrow(/expected 'a' once, got it twice/);
  });

  it('refuses entries that share bytes', () => {
    const parts = [
      { path: 'a', content: hello },
      { path: 'b', content: hello, at: 0 },
    ];
    expect(() => openZip('a.zip', zip(parts))).toThrow(/the entries 'a' and 'b' overlap/);
  });

  it('refuses entries that would fill the memory, before it unpacks them', async () => {
    const zeros = await deflate(new Uint8Array(2 ** 22));
    const bomb = (size: number) =>
      zip([{ path: 'bomb', content: zeros, method: 8, size, crc: crc32(new Uint8Array(2 ** 22)) }]);
    // 4 MB are not worth a refusal.
    expect((await openZip('a.zip', bomb(2 ** 22)).read('bomb')).length).toBe(2 ** 22);
    expect(() => openZip('a.zip', bomb(2 ** 25))).toThrow(
      /expected entries of at most \d+ bytes, and of 100 times the \d+ bytes of the archive, got 33554432 up to 'bomb'; it would fill the memory/,
    );
    await expect(openZip('a.zip', bomb(2 ** 20)).read('bomb')).rejects.toThrow(
      /'bomb' cannot be unpacked: it is longer than the 1048576 bytes that it states/,
    );
    await expect(openZip('a.zip', bomb(2 ** 23)).read('bomb')).rejects.toThrow(
      /'bomb' cannot be unpacked: expected 8388608 bytes, got 4194304/,
    );
  });

  it('notices a changed byte', async () => {
    const file = zip([{ path: 'a', content: hello }]);
    file[40] ^= 1;
    await expect(openZip('a.zip', file).read('a')).rejects.toThrow(
      /the entry 'a' does not match its checksum/,
    );
  });

  it('ends with an error that names the file, however it is damaged', async () => {
    const file = zip([
      { path: 'a', content: hello },
      { path: 'b', content: await deflate(hello), method: 8, size: 26, crc: crc32(hello) },
    ]);
    await mutations(file, 400, async (damaged) => {
      const archive = openZip('a.zip', damaged);
      for (const path of archive.sizes.keys()) await archive.read(path);
    });
  });
});
