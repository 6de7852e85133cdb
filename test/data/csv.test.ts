/** CSV through Papa Parse, in pieces that tear everything. */
import { describe, expect, it } from 'vitest';
import Papa from 'papaparse';
import { readCsv as readCsvAlone } from '../../src/data/index.ts';
import type { CsvOptions, CsvParser, Source } from '../../src/data/index.ts';
import { pieces, utf8 } from './support.ts';

/** With the parser handed over, as in a page. */
const readCsv = ((source: Source, options: CsvOptions) =>
  readCsvAlone(source, { parser: Papa as CsvParser, ...options })) as typeof readCsvAlone;

const csv = (text: string, size = 1000) => ({ chunks: () => pieces(utf8(text), size) });

describe('readCsv', () => {
  const text =
    'name,said,age\r\n' +
    '"Smith, J.","""Hello""",40\r\n' +
    '\r\n' +
    'Ann,"two\r\nlines",7\r\n' +
    '"",plain "quote",0\r\n' +
    'Bo,"",1';
  const rows = [
    { name: 'Smith, J.', said: '"Hello"', age: 40 },
    { name: 'Ann', said: 'two\nlines', age: 7 },
    { name: '', said: 'plain "quote"', age: 0 },
    { name: 'Bo', said: '', age: 1 },
  ];

  it('reads quotes, line ends in fields and empty lines, wherever chunks are torn', async () => {
    for (const size of [1, 2, 5, 17, 1000]) {
      const source = readCsv(csv(text, size).chunks, { header: true, numbers: ['age'] });
      expect(await source.toArray()).toEqual(rows);
    }
    expect(await readCsv(csv(`${text}\r\n`, 3).chunks, { header: true }).toArray()).toHaveLength(4);
    expect(await readCsv(csv('""\n\n""').chunks).toArray()).toEqual([[''], ['']]);
    expect(await readCsv(csv('').chunks).toArray()).toEqual([]);
  });

  it('leaves out a byte order mark at the beginning alone, wherever chunks are torn', async () => {
    const text = '\uFEFF"na,me"\nann\n\uFEFFname\nbob\n"\uFEFF\n\uFEFF"\n';
    const rows = [['na,me'], ['ann'], ['\uFEFFname'], ['bob'], ['\uFEFF\n\uFEFF']];
    for (const size of [1, 2, 4, 7, 13, 1000])
      expect(await readCsv(csv(text, size).chunks).toArray()).toEqual(rows);
    const pieces = [text.slice(0, 1), ...text.slice(1).split(/(?<=\n)/)];
    for (const some of [[text], ['', text], pieces, [...text]]) {
      const strings = async function* () {
        yield* some;
      };
      expect(await readCsv(strings).toArray()).toEqual(rows);
    }
  });

  it('takes other marks', async () => {
    const source = readCsv(csv("'a;b';2\n'it''s';3").chunks, { delimiter: ';', quote: "'" });
    expect(await source.toArray()).toEqual([
      ['a;b', '2'],
      ["it's", '3'],
    ]);
    expect(() => readCsv(csv('').chunks, { delimiter: '||' })).toThrow(/delimiter to be one char/);
    expect(() => readCsv(csv('').chunks, { delimiter: '"' })).toThrow(/different delimiter and q/);
  });

  it('counts lines, those in quoted fields too, in messages', async () => {
    const bad = (text: string, size: number, message: RegExp) =>
      expect(
        readCsv(csv(text, size).chunks, { name: 'a.csv', columns: ['u', 'v'] }).toArray(),
      ).rejects.toThrow(message);
    for (const size of [1, 4, 1000]) {
      await bad('1,"x\n\ny"\n\n2\n3,4', size, /^a\.csv, line 5: expected 2 fields, got 1: 2$/);
      await bad('1,2\n3,"x"y\n4,5', size, /^a\.csv, line 2: trailing quote on quoted field is mal/);
      await bad('1,2\n3,4\n5,"x\n6,7\n', size, /^a\.csv, line 3: quoted field unterminated: 5,"x$/);
    }
  });

  it('goes on with the next line where malformed rows are skipped', async () => {
    const text = 'a,b\n1,"x"y\n2,ok\n3,"open\n4,ok\n5\n6,"fine\nhere"\n';
    for (const size of [1, 6, 1000]) {
      const source = readCsv(csv(text, size).chunks, { header: true, onMalformed: 'skip' });
      // Nothing closes the quote of line 4 but that of line 7, which nothing may follow.
      const found = await source.toArray();
      expect(found).toEqual([
        { a: '2', b: 'ok' },
        { a: '4', b: 'ok' },
        { a: '6', b: 'fine\nhere' },
      ]);
      expect(source.skipped).toBe(3);
    }
  });

  it('takes spaces between a quote and the line end, wherever chunks are torn', async () => {
    const text = '"a" \n"b"c\n"d"  \n"e" \r\n\nf \n';
    for (const size of [1, 3, 5, 1000]) {
      const source = readCsv(csv(text, size).chunks, { onMalformed: 'skip' });
      expect(await source.toArray()).toEqual([['a'], ['d'], ['e'], ['f ']]);
    }
  });

  it('reads little twice where rows are malformed', async () => {
    let parsed = 0;
    const parser: CsvParser = {
      parse(text, config) {
        parsed += text.length;
        return (Papa as CsvParser).parse(text, config);
      },
    };
    const rows = ['"a"b,1', '2,"ok\n\nok"', 'c,"d"e', '3,"""ok"""', '"f"', '"open', '"g",h'];
    const text = `${rows.join('\n')}\n`.repeat(200);
    for (const size of [50, 100_000]) {
      parsed = 0;
      const options = { columns: ['u', 'v'], onMalformed: 'skip', parser } as const;
      const source = readCsv(csv(text, size).chunks, options);
      const found = await source.toArray();
      expect(found.slice(0, 3)).toEqual([
        { u: '2', v: 'ok\n\nok' },
        { u: '3', v: '"ok"' },
        { u: 'g', v: 'h' },
      ]);
      expect(found).toHaveLength(600);
      expect(source.skipped).toBe(800);
      expect(parsed).toBeLessThan(10 * text.length);
    }
  });

  it('does not wait for ever for a quote that is not closed', async () => {
    let pulled = 0;
    const source = readCsv(
      async function* () {
        yield '1,"open\n';
        for (; pulled < 1000; pulled++) yield `2,${'x'.repeat(50_000)}\n`;
      },
      { onMalformed: 'skip' },
    );
    const [[first]] = await source.take(1).toArray();
    expect(first).toBe('2');
    expect(source.skipped).toBe(1);
    expect(pulled).toBeLessThan(30);
  });

  it('says how to hand the parser over where it is not found by its name', async () => {
    if (!('document' in globalThis)) return;
    await expect(readCsvAlone(csv('a,b\n').chunks).toArray()).rejects.toThrow(
      'readCsv(source, { parser: Papa })',
    );
  });

  it('takes the parser that it is given', async () => {
    const seen: string[] = [];
    const parser = {
      parse(text: string, { step }: { step: (result: any, handle: any) => void }): void {
        seen.push(text);
        step({ data: ['from mine'], errors: [], meta: { cursor: text.length } }, { abort() {} });
      },
    };
    expect(await readCsv(csv('a,b\n').chunks, { parser }).toArray()).toEqual([['from mine']]);
    expect(seen).toEqual(['a,b']);
  });
});
