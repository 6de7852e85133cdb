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

  it('takes white space of every kind after a closing quote, wherever chunks are torn', async () => {
    for (const space of [' ', '\t', '\uFEFF', '\u00A0'])
      for (const size of [2, 1000]) {
        const source = readCsv(csv(`"a;b"${space}\nc\n"d"${space}\n`, size).chunks, {
          delimiter: ';',
        });
        expect(await source.toArray()).toEqual([['a;b'], ['c'], ['d']]);
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

  describe('of one long line', () => {
    const of = (characters: number, piece = 65_536) =>
      async function* () {
        const part = `${'123456,'.repeat(Math.ceil(piece / 7))}`.slice(0, piece);
        for (let left = characters; left > 0; left -= piece) yield part.slice(0, left);
      };
    /** A field of so many characters, lines in it. */
    const quoted = (characters: number, piece: number) => ({
      chunks: () => pieces(utf8(`"${'1234567\n'.repeat(characters / 8)}",x\n2,y\n`), piece),
    });

    it('takes no longer in small pieces than as a whole, but for the pieces', async () => {
      const length = 2 ** 23;
      const timeOf = async (piece: number): Promise<number> => {
        const began = performance.now();
        const [fields] = await readCsv(of(length, piece)).toArray();
        const took = performance.now() - began;
        expect(fields.join(',')).toHaveLength(length);
        return took;
      };
      const whole = await timeOf(length);
      // To look through all that is there with every piece would be 64 GiB: half a minute and more.
      expect(await timeOf(512)).toBeLessThan(10 * whole + 5000);
    });

    it('with an open quote is read little twice, whatever comes at a time', async () => {
      for (const size of [100, 65_536]) {
        let parsed = 0;
        const parser: CsvParser = {
          parse(text, config) {
            parsed += text.length;
            return (Papa as CsvParser).parse(text, config);
          },
        };
        const length = 800_000;
        const rows = await readCsv(quoted(length, size).chunks, { parser }).toArray();
        expect(rows.map(([first]) => first.length)).toEqual([length, 1]);
        expect(parsed).toBeLessThan(4 * length);
      }
    });

    it('of more than 2^24 characters is malformed, and what follows is read', async () => {
      const long = (rest: string) =>
        async function* () {
          yield 'a,b\n"1\n",2\n';
          yield* of(2 ** 24 + 1)();
          yield rest;
        };
      const problem =
        /^stream, line 4: a row of more than 16777216 characters; has the file line ends\?$/;
      for (const rest of ['', 'end', 'end\n5,6\n']) {
        await expect(readCsv(long(rest)).toArray()).rejects.toThrow(problem);
        const skipping = readCsv(long(rest), { onMalformed: 'skip', header: true });
        const rows = await skipping.toArray();
        expect(rows.slice(1)).toEqual(rest.includes('\n') ? [{ a: '5', b: '6' }] : []);
        expect(skipping.skipped).toBe(1);
      }
      await expect(readCsv(long('\n5\n'), { onMalformed: 'throw' }).toArray()).rejects.toThrow(
        problem,
      );
      await expect(readCsv(of(2 ** 24 + 1), { header: true }).toArray()).rejects.toThrow(
        /^stream, line 1: expected a header, got a row of more than 16777216 characters/,
      );
      // All at once, too.
      const whole = `1,${'2'.repeat(2 ** 24)}\n3,4\n`;
      await expect(readCsv([utf8(whole)]).toArray()).rejects.toThrow(/line 1: a row of more than/);
      const skipping = readCsv(() => [utf8(whole)], { onMalformed: 'skip' });
      expect(await skipping.toArray()).toEqual([['3', '4']]);
    });
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
