/** librosa's numbers for features of sound. No device computes them: `gatefold/audio` against librosa's float64. */
import { describe, expect, it } from 'vitest';
import * as audio from '../../src/audio/index.ts';
import type { AudioArray } from '../../src/audio/index.ts';
import { expectClose } from '../support/check.ts';
import { TOLERANCE } from '../support/tolerances.ts';
import type { GoldenCase, GoldenTensor } from '../support/fixtures.ts';
import { goldenCases } from './cases.ts';

const cases = await goldenCases('audio', 'audio');

type Outputs = Record<string, AudioArray | ArrayLike<number>>;
type Compute = (inputs: Record<string, GoldenTensor>, config: GoldenCase['config']) => Outputs;

const framesOf = (c: GoldenCase['config']) => ({
  ...{ nFft: c.fftLength, hopLength: c.hop, winLength: c.window, center: c.center },
});

const COMPUTE: Record<string, Compute> = {
  rfft: ({ x }, { fftLength }) => ({ ...audio.rfft(x.data, fftLength) }),
  stft: ({ x }, config) => ({
    ...audio.stft(x.data, { ...framesOf(config), window: 'hann', padMode: config.pad }),
  }),
  melFilterbank: (_, { sampleRate, fftLength, mels, minimum, maximum, scale, norm }) => {
    const range = { nMels: mels, fMin: minimum, fMax: maximum, melScale: scale, norm };
    return { filters: audio.melFilterbank({ sampleRate, nFft: fftLength, ...range }) };
  },
  melSpectrogram: ({ x }, config) => {
    const { mels, power } = config;
    const options = { ...framesOf(config), sampleRate: 8000, nMels: mels, power };
    return { y: audio.melSpectrogram(x.data, options) };
  },
  powerToDb: ({ x }, { ref, amin }) => ({ y: audio.powerToDb(x, { ref, amin, topDb: null }) }),
  mfcc: ({ db }, { coefficients, lifter }) => ({
    y: audio.mfccFromLogMel(db, { nMfcc: coefficients, lifter }),
  }),
  delta: ({ x }, { width, order }) => ({ y: audio.delta(x, { width, order }) }),
  preemphasis: ({ x }, { coefficient }) => ({ y: audio.preemphasis(x.data, coefficient) }),
};

describe('golden audio', () => {
  it.each(cases)('$name', ({ op, inputs, outputs, config }) => {
    const found = COMPUTE[op](inputs, config);
    expect(Object.keys(found).sort()).toEqual(Object.keys(outputs).sort());
    for (const [name, { shape, data }] of Object.entries(outputs)) {
      const value = found[name];
      const [numbers, extents] =
        'shape' in value ? [value.data, value.shape] : [value, [value.length]];
      expect(extents, name).toEqual(shape);
      // A delta is a small difference of large coefficients, which the suite has rounded to float32.
      expectClose(numbers, data, name, op === 'delta' ? TOLERANCE.gpu : TOLERANCE.golden);
    }
  });

  it('MFCCs straight from the sound are those step by step', () => {
    const { inputs } = cases.find(({ op }) => op === 'melSpectrogram')!;
    const mel = { sampleRate: 8000, nFft: 512, hopLength: 80, winLength: 200, center: false };
    const options = { ...mel, nMels: 40, topDb: null };
    for (const golden of cases.filter(({ op }) => op === 'mfcc')) {
      const { coefficients, lifter } = golden.config;
      const found = audio.mfcc(inputs.x.data, { ...options, nMfcc: coefficients, lifter });
      expectClose(found.data, golden.outputs.y.data, golden.name, TOLERANCE.golden);
      const levels = audio.logMelSpectrogram(inputs.x.data, options);
      expectClose(levels.data, golden.inputs.db.data, 'decibels', TOLERANCE.golden);
    }
  });
});
