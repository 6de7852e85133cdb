/** Reading lines and tables from every kind of source. Runs in Chromium, Node and Deno: each has its own way to files. */
import { describe, expect, it } from 'vitest';
import { readLines, readTsv } from '../../src/data/index.ts';
import { gzip, pieces, utf8 } from './support.ts';

const inBrowser = typeof document !== 'undefined';
const nowhere = (): void => undefined;
const serverOnly = inBrowser ? nowhere : it;

describe('readLines', () => {
  // A byte order mark, a character of four bytes, both line ends, and what ends a line elsewhere: U+0085, U+2028, \r.
  const text = '\uFEFFone\r\n\n𝄞 two\u0085\u2028three\rfour\nlast';
  const lines = ['one', '', '𝄞 two\u0085\u2028three\rfour', 'last'];

  it('ends lines at \\n and \\r\\n alone, wherever chunks are torn', async () => {
    for (const size of [1, 2, 3, 7, 100]) {
      const source = readLines(pieces(utf8(text), size));
      expect(await source.toArray()).toEqual(lines);
      expect(await source.toArray()).toEqual(lines);
    }
    expect(await readLines(pieces(utf8('a\n'), 1)).toArray()).toEqual(['a']);
    expect(await readLines([new Uint8Array()]).toArray()).toEqual([]);
  });

  it('reads a Blob, an iterable of text, a function, and a list of them', async () => {
    async function* generated(): AsyncGenerator<string> {
      yield 'a\nb';
      yield 'c\n';
    }
    expect(await readLines(new Blob([utf8(text)])).toArray()).toEqual(lines);
    expect(await readLines(generated).toArray()).toEqual(['a', 'bc']);
    const twice = readLines([new Blob(['x\ny']), generated, async () => new Blob(['z'])]);
    for (let epoch = 0; epoch < 2; epoch++)
      expect(await twice.toArray()).toEqual(['x', 'y', 'a', 'bc', 'z']);
    const latin = readLines([Uint8Array.of(0xe9)], { encoding: 'latin1' });
    expect(await latin.toArray()).toEqual(['é']);
    let opened = 0;
    const unknown = readLines(() => (opened++, [utf8('a')]), { encoding: 'utf-9' });
    await expect(unknown.toArray()).rejects.toThrow(/^encoding: expected one .* got 'utf-9'/);
    expect(opened).toBe(0);
  });

  it('unpacks gzip by its bytes, in any pieces', async () => {
    const packed = await gzip(utf8(text));
    expect(await readLines(new Blob([packed])).toArray()).toEqual(lines);
    expect(await readLines(pieces(packed, 1)).toArray()).toEqual(lines);
    await expect(
      readLines(pieces(packed.slice(0, -12), 9), { name: 'a.gz' }).toArray(),
    ).rejects.toThrow(/^a\.gz: cannot be unpacked, the gzip data is broken or cut off/);
  });

  it('unpacks several members and zeros at the end in Node and Deno, and says why not in a browser', async () => {
    const members = [await gzip(utf8('one\ntw')), await gzip(utf8('o\n')), new Uint8Array(600)];
    for (const size of [1, 7, 1000]) {
      const packed = pieces(new Uint8Array(members.flatMap((member) => [...member])), size);
      const found = readLines(packed, { name: 'a.gz' }).toArray();
      if (inBrowser)
        await expect(found).rejects.toThrow(
          /^a\.gz: cannot be unpacked, .* has several members or zeros at its end, which only Node and/,
        );
      else expect(await found).toEqual(['one', 'two']);
    }
  });

  it('ends the source of what is packed when nobody wants more', async () => {
    const packed = await gzip(utf8(Array.from({ length: 50_000 }, (_, n) => n * n).join('\n')));
    let [given, ended] = [0, 0];
    const source = readLines(async function* () {
      try {
        for (const piece of pieces(packed, 1000)) {
          given++;
          yield piece;
        }
      } finally {
        ended++;
      }
    });
    expect(await source.take(2).toArray()).toEqual(['0', '1']);
    // Streams pass it on from one to the other.
    await new Promise((done) => setTimeout(done, 50));
    expect(ended).toBe(1);
    expect(given).toBeLessThan(packed.length / 1000);
  });

  it('passes on what the source throws, packed or not', async () => {
    const packed = await gzip(utf8(text));
    const broken = (bytes: Uint8Array) =>
      readLines(async function* () {
        yield bytes;
        throw new Error('cable cut');
      });
    await expect(broken(utf8('a\nb')).toArray()).rejects.toThrow(/^cable cut$/);
    await expect(broken(packed.slice(0, 20)).toArray()).rejects.toThrow(/^cable cut$/);
  });

  it('reads a stream once, and stops reading when nobody wants more', async () => {
    const stream = readLines(new Blob(['a\nb']).stream(), { name: 'upload' });
    expect(await stream.toArray()).toEqual(['a', 'b']);
    await expect(stream.toArray()).rejects.toThrow(
      /upload was read and cannot be read again: pass a function that opens it/,
    );
    const kept = readLines(new Blob(['a\nb']).stream()).cache();
    expect(await kept.toArray()).toEqual(await kept.toArray());
    let cancelled = 0;
    let chunks = 0;
    const endless = () =>
      new ReadableStream<Uint8Array>({
        pull(controller) {
          chunks++;
          controller.enqueue(utf8('line\n'.repeat(100)));
        },
        cancel() {
          cancelled++;
        },
      });
    expect(await readLines(endless).take(2).toArray()).toEqual(['line', 'line']);
    expect(cancelled).toBe(1);
    expect(chunks).toBeLessThan(5);
  });

  it('fetches addresses', async () => {
    const { fetch } = globalThis;
    globalThis.fetch = async (address) =>
      (address as string | URL).toString().endsWith('/a.txt')
        ? new Response('a\nb')
        : new Response('', { status: 404 });
    try {
      const source = readLines(['https://x.example/a.txt', new URL('https://x.example/a.txt')]);
      expect(await source.toArray()).toEqual(['a', 'b', 'a', 'b']);
      await expect(readLines('https://x.example/b.txt').toArray()).rejects.toThrow(
        /https:\/\/x\.example\/b\.txt answered HTTP 404/,
      );
    } finally {
      globalThis.fetch = fetch;
    }
  });

  it('says what a source may be', async () => {
    await expect(readLines(7 as never).toArray()).rejects.toThrow(
      /expected a path, an address, a Blob, a stream or an iterable of bytes or text, got 7/,
    );
  });

  serverOnly('reads files by path and file: address', async () => {
    const { mkdtemp, rm, writeFile } = await import('node:fs/promises');
    const { tmpdir } = await import('node:os');
    const folder = await mkdtemp(`${tmpdir()}/gatefold-`);
    try {
      await writeFile(`${folder}/a b.txt`, text);
      await writeFile(`${folder}/c.gz`, await gzip(utf8('packed')));
      expect(await readLines(`${folder}/a b.txt`).toArray()).toEqual(lines);
      expect(await readLines(new URL(`file://${folder}/a%20b.txt`)).toArray()).toEqual(lines);
      expect(await readLines(`${folder}/c.gz`).toArray()).toEqual(['packed']);
      await expect(readLines(`${folder}/none`).toArray()).rejects.toThrow(
        /^cannot read .*none \(ENOENT/,
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('readTsv', () => {
  const blob = (text: string): File => new File([text], 'data.tsv');

  it('gives lists of fields, or objects by name; quotes are characters', async () => {
    expect(await readTsv(blob('a "b\t1\n\nc"\t2\n')).toArray()).toEqual([
      ['a "b', '1'],
      ['c"', '2'],
    ]);
    const named = readTsv(blob('a\t1\nb\t2'), { columns: ['text', 'label'], numbers: ['label'] });
    expect(await named.map(({ text, label }) => text.repeat(label)).toArray()).toEqual(['a', 'bb']);
    const header = readTsv([blob('u\tv\na\t1'), blob('v\tu\n2\tb')], {
      header: true,
      numbers: ['v'],
    });
    expect(await header.toArray()).toEqual([
      { u: 'a', v: 1 },
      { v: 2, u: 'b' },
    ]);
    const renamed = readTsv(blob('u\tv\na\t1'), { header: true, columns: ['x', 'y'] });
    expect(await renamed.toArray()).toEqual([{ x: 'a', y: '1' }]);
    expect(await readTsv(blob('a\t-1.5e3'), { numbers: [1] }).toArray()).toEqual([['a', -1500]]);
  });

  const bad = blob('a\t1\nb\nc\t3\td\ne\t\nf\tx\ng\t7\n');

  it('leaves out a byte order mark of text as of bytes', async () => {
    const named = readTsv(
      async function* () {
        yield '';
        yield '\uFEFFa\tb\n';
        yield '\uFEFF1\t2';
      },
      { header: true },
    );
    expect(await named.toArray()).toEqual([{ a: '\uFEFF1', b: '2' }]);
  });

  it('names file and line of a malformed row', async () => {
    const columns = ['text', 'label'] as const;
    await expect(readTsv(bad, { columns }).toArray()).rejects.toThrow(
      /^data\.tsv, line 2: expected 2 fields, got 1: b$/,
    );
    await expect(readTsv(bad).skip(1).toArray()).rejects.toThrow(/^data\.tsv, line 2: expected 2/);
    await expect(
      readTsv(blob('a\t1\nb\tx'), { columns, numbers: ['label'] }).toArray(),
    ).rejects.toThrow(/^data\.tsv, line 2: expected a number in column label, got 'x'$/);
  });

  it('skips and counts malformed rows if asked, epoch by epoch', async () => {
    const rows = readTsv(bad, {
      columns: ['text', 'label'],
      numbers: ['label'],
      onMalformed: 'skip',
    });
    const batches = rows.map(({ label }) => label).batch(2);
    for (let epoch = 0; epoch < 2; epoch++) {
      expect(await batches.toArray()).toEqual([{ data: Float32Array.of(1, 7), shape: [2] }]);
      expect(batches.skipped).toBe(4);
    }
    expect(() => readTsv(bad, { onMalformed: 'ignore' as never })).toThrow(/'throw' or 'skip'/);
  });

  it('checks names of columns', async () => {
    await expect(readTsv(blob('a\ta\n'), { header: true }).toArray()).rejects.toThrow(/different/);
    await expect(
      readTsv(blob('a\tb\n'), { header: true, columns: ['x'] }).toArray(),
    ).rejects.toThrow(/data\.tsv: expected a header of 1 columns/);
    await expect(readTsv(blob('a\tb\n'), { numbers: ['x' as never] }).toArray()).rejects.toThrow(
      /numbers: expected columns of 0, 1, got 'x'/,
    );
  });
});
