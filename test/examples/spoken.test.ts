import { describe, expect, it } from 'vitest';
import { spectrogram } from '../../examples/plots/index.ts';
import {
  FRAMES,
  BANDS,
  framesOf,
  meanFrames,
  wordOf,
} from '../../examples/speech-autoencoder/frames.ts';
import { accuracyByNeighbour } from '../../examples/speech-autoencoder/neighbours.ts';
import { WORDS } from '../../examples/speech-autoencoder/words.ts';
import { scaled, scaleOf } from '../../examples/spoken/features.ts';
import { inventRecordings, partsOf } from '../../examples/spoken/recordings.ts';
import { SAMPLE_RATE, synthesize } from '../../examples/spoken/synthesizer.ts';
import { logMelSpectrogram } from '../../src/audio/index.ts';
import { Random } from '../../src/index.ts';

const voice = { pitch: 120, tract: 1, pace: 1, breath: 0.1 };

describe('spoken: the synthesizer', () => {
  it('speaks all words', () => {
    for (const sounds of Object.values(WORDS)) {
      const samples = synthesize(sounds, voice, new Random(1));
      expect(samples.every((value) => Math.abs(value) <= 1)).toBe(true);
      const seconds = samples.length / SAMPLE_RATE;
      expect(seconds > 0.15 && seconds < 0.8, `${sounds}: ${seconds} s`).toBe(true);
    }
    expect(() => synthesize('q', voice, new Random(1))).toThrow("got 'q'");
  });

  it('gives vowels their resonances, and fricatives their noise', () => {
    const loudestBand = (sounds: string, tract = 1) => {
      const samples = synthesize(sounds, { ...voice, tract, breath: 1 }, new Random(3));
      const options = { sampleRate: SAMPLE_RATE, nFft: 512, hopLength: 128, nMels: 40 };
      const { data, shape } = logMelSpectrogram(samples, options);
      const middle = data.subarray(40 * (shape[0] >> 1), 40 * ((shape[0] >> 1) + 1));
      return middle.indexOf(Math.max(...middle));
    };
    expect(loudestBand('aaa')).toBeGreaterThan(loudestBand('iii'));
    expect(loudestBand('aaa', 1.3)).toBeGreaterThan(loudestBand('aaa', 0.9));
    expect(loudestBand('sss')).toBeGreaterThan(30);
  });

  it('says a word twice in two ways, and with one seed in one', () => {
    const random = new Random(1);
    const [a, b] = [synthesize('mila', voice, random), synthesize('mila', voice, random)];
    expect(a).not.toEqual(b);
    expect(synthesize('mila', voice, new Random(1))).toEqual(a);
  });
});

describe('spoken: recordings', () => {
  const recordings = inventRecordings({ mila: 'mila', tuki: 'tuki' }, 7);

  it('are held out by takes, and by a speaker', () => {
    const parts = partsOf(recordings);
    expect(parts.words).toEqual(['mila', 'tuki']);
    expect([parts.train.length, parts.takes.length, parts.speaker.length]).toEqual([20, 50, 14]);
    expect(new Set(parts.train.map(({ take }) => take))).toEqual(new Set([5, 6]));
    expect(parts.speaker.every(({ speaker }) => speaker === 'finn')).toBe(true);
    expect(partsOf(recordings, 'ada').heldOutSpeaker).toBe('ada');
    expect(() => partsOf(recordings, 'zoe')).toThrow(
      "expected several speakers, one of them 'zoe', got ada, ben, cleo, dan, eve, finn; pass --speaker",
    );
  });

  it('become frames that are scaled by the first group, with zeros after the end', () => {
    const { train, takes } = partsOf(recordings);
    const [known, held] = framesOf([train, takes]);
    expect(known.shape).toEqual([20, FRAMES, BANDS]);
    const { means, deviations } = scaleOf(known.lengths.map((_, i) => wordOf(known, i)));
    expect(Math.max(...means.map(Math.abs))).toBeLessThan(1e-5);
    expect(Math.max(...deviations.map((value) => Math.abs(value - 1)))).toBeLessThan(1e-4);
    const [frames] = wordOf(held, 3).shape;
    expect(frames).toBeLessThan(FRAMES);
    expect(held.data.subarray((3 * FRAMES + frames) * BANDS, 4 * FRAMES * BANDS).every((value) => value === 0)).toBe(true); // prettier-ignore
    const word = wordOf(held, 3).data;
    expect(meanFrames(held)[3][1]).toBeCloseTo(
      word.filter((_, at) => at % BANDS === 1).reduce((sum, value) => sum + value, 0) / frames,
      5,
    );
  });
});

it('spoken: features have mean 0 and deviation 1, column by column', () => {
  const x = { data: Float32Array.of(1, 5, 3, 5), shape: [2, 2] as const };
  const scale = scaleOf([x]);
  expect(scale).toEqual({ means: [2, 5], deviations: [1, 1] });
  expect([...scaled(x, scale).data]).toEqual([-1, 0, 1, 0]);
});

it('speech-autoencoder: a word is named by its nearest neighbour', () => {
  const vectors = (...values: number[]) => values.map((value) => Float32Array.of(value, 0));
  const known = { vectors: vectors(0, 10), names: ['a', 'b'] };
  expect(accuracyByNeighbour(known, { vectors: vectors(1, 9, 2), names: ['a', 'b', 'b'] })).toBeCloseTo(2 / 3, 12); // prettier-ignore
});

it('plots: a spectrogram has a cell for each level that is not the least', async () => {
  const levels = { data: [0, 1, 0.5, 0, 1, 1], shape: [3, 2] };
  const svg = await spectrogram(levels, { title: 'levels' });
  expect(svg.match(/<rect/g)).toHaveLength(4);
});
