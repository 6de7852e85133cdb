/** Training of word vectors that was interrupted. */
import { describe, expect, it } from 'vitest';
import { cpu } from '../../src/cpu/device.ts';
import { trainWordVectors } from '../../src/vectors/index.ts';
import type {
  TrainingProgress,
  TrainVectorsOptions,
  VectorsCheckpoint,
} from '../../src/vectors/index.ts';
import { gpu, reference } from '../support/devices.ts';
import { TOY, toyCorpus } from './toy.ts';

describe('trainWordVectors', () => {
  it.each(['skipGram', 'cbow'] as const)(
    'goes on from a checkpoint with the bits of an unbroken training: %s',
    async (architecture) => {
      const corpus = toyCorpus(150);
      const reports: TrainingProgress[] = [];
      for (const device of [await gpu(), cpu(), reference]) {
        const kept: VectorsCheckpoint[] = [];
        const options = { ...TOY, architecture, dimension: 5, epochs: 3, device };
        const whole = await trainWordVectors(corpus, {
          ...options,
          onCheckpoint: (checkpoint) => void kept.push(checkpoint),
        });
        expect(kept.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
        for (const resume of kept) {
          const again: VectorsCheckpoint[] = [];
          const resumed = await trainWordVectors(corpus, {
            ...{ ...options, seed: undefined, resume },
            onCheckpoint: async (checkpoint) => {
              await Promise.resolve();
              again.push(checkpoint);
            },
            onProgress: (progress) => reports.push(progress),
          });
          expect(resumed.matrix).toEqual(whole.matrix);
          expect(again).toEqual(kept.slice(resume.epoch));
        }
      }
      // The first of them goes on after one epoch of three: half of the time is left at the end of its first.
      const { epoch, words, totalWords, seconds, secondsLeft } = reports.find(
        (report) => report.words === 1800,
      )!;
      expect([epoch, totalWords]).toEqual([2, 2700]);
      expect(secondsLeft).toBeCloseTo((seconds * (totalWords - words)) / 900, 9);
    },
  );

  it('refuses a checkpoint of other options or of another corpus', async () => {
    const corpus = toyCorpus(50);
    const options = { ...TOY, epochs: 2, device: reference };
    const stop = new AbortController();
    let saved: VectorsCheckpoint | undefined;
    await trainWordVectors(corpus, {
      ...{ ...options, signal: stop.signal },
      onCheckpoint: (checkpoint) => {
        saved = checkpoint;
        stop.abort();
      },
    });
    const resume = saved!;
    expect(resume.epoch).toBe(1);
    const refused = (changed: TrainVectorsOptions, message: RegExp, words = corpus) =>
      expect(trainWordVectors(words, { ...options, resume, ...changed })).rejects.toThrow(message);
    await refused(
      { window: 4 },
      /resume: expected a checkpoint with window 4, got one with 3; give/,
    );
    await refused({ seed: 5 }, /checkpoint with seed 5, got one with 4/);
    await refused({ epochs: 3 }, /checkpoint with epochs 3, got one with 2/);
    await refused({ batchSize: 8 }, /checkpoint with batchSize 8, got one with 16/);
    const other =
      /checkpoint with corpus \d+ words, checksum \d+, got one with \d+ words, checksum/;
    await refused({}, other, [...corpus].reverse());
    await refused({}, other, [corpus.flat()]);
    const damaged = { ...resume, output: resume.output.slice(1) };
    await refused({ resume: damaged }, /expected two tables of \d+ numbers, got .* is damaged/);
  });
});
