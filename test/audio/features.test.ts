/** Options and errors of mel spectrograms, decibels, MFCCs and deltas; their numbers are in golden/audio. */
import { describe, expect, it } from 'vitest';
import * as audio from '../../src/audio/index.ts';
import { expectClose } from '../support/check.ts';
import { floats } from '../support/random.ts';
import { TOLERANCE } from '../support/tolerances.ts';

const y = floats([3000], 1).data;
const mel = { sampleRate: 8000, nFft: 256, hopLength: 100, nMels: 20 };

describe('the mel scale', () => {
  it('goes there and back', () => {
    for (const scale of ['slaney', 'htk'] as const)
      for (const f of [0, 440, 1000, 3500])
        expect(audio.melToHz(audio.hzToMel(f, scale), scale)).toBeCloseTo(f, 8);
    expect(audio.hzToMel(1000)).toBeCloseTo(15, 12);
    expect(audio.hzToMel(6400)).toBeCloseTo(42, 12);
    expect(audio.hzToMel(700, 'htk')).toBeCloseTo(2595 * Math.log10(2), 10);
  });

  it('stays below half the sample rate', () => {
    expect(() => audio.melFilterbank({ sampleRate: 8000, fMax: 5000 })).toThrow(
      'melFilterbank: expected 0 <= fMin < fMax <= 4000 Hz, half the sample rate, got 0 and 5000',
    );
    expect(() => audio.melFilterbank({} as never)).toThrow(
      'melFilterbank: sampleRate: expected a number above 0, got undefined',
    );
    expect(() => audio.melFilterbank({ ...mel, norm: 'area' as never })).toThrow(/'slaney', got 'area'/); // prettier-ignore
  });
});

describe('mel spectrograms', () => {
  it('sum the spectra under the filters', () => {
    for (const power of [1, 2]) {
      const { data, shape } = audio.melSpectrogram(y, { ...mel, power });
      expect(shape).toEqual([31, 20]);
      const { real, imag } = audio.stft(y, mel);
      const filters = audio.melFilterbank(mel);
      const expected = Array.from({ length: 31 * 20 }, (_, at) => {
        const [t, m] = [Math.floor(at / 20), at % 20];
        let sum = 0;
        for (let k = 0; k < 129; k++)
          sum += filters.data[m * 129 + k] * Math.hypot(real.data[t * 129 + k], imag.data[t * 129 + k]) ** power; // prettier-ignore
        return sum;
      });
      expectClose(data, expected, 'spectrogram', { absolute: 1e-6, relative: 1e-6 });
    }
  });

  it('have hops of 512 samples by default, as in librosa', () => {
    expect(audio.melSpectrogram(y, { sampleRate: 8000 }).shape).toEqual([6, 128]);
  });

  it('are zero where a filter is narrower than the step between two frequencies', () => {
    const { data } = audio.melSpectrogram(y, { ...mel, nMels: 200 });
    expect(data.some((value) => value === 0)).toBe(true);
    expect(data.every(Number.isFinite)).toBe(true);
  });
});

describe('decibels', () => {
  const power = { data: [1, 10, 1e-12, 100], shape: [2, 2] };

  it('have a zero, a least power, and a limit below the largest', () => {
    expectClose(audio.powerToDb(power).data, [0, 10, -60, 20], 'by default');
    expectClose(audio.powerToDb(power, { topDb: null }).data, [0, 10, -100, 20], 'no limit');
    expectClose(audio.powerToDb(power, { ref: 'max' }).data, [-20, -10, -80, 0], 'the largest');
    expectClose(
      audio.powerToDb(power, { ref: 10, amin: 1e-3, topDb: 15 }).data,
      [-5, 0, -5, 10],
      'others',
    );
    // Of silence, the largest power is as small as any.
    expect([...audio.powerToDb({ data: [0, 0], shape: [1, 2] }, { ref: 'max' }).data]).toEqual([0, 0]); // prettier-ignore
  });

  it('refuse what is out of range', () => {
    expect(() => audio.powerToDb(power, { amin: 0 })).toThrow('amin: expected a number above 0, got 0'); // prettier-ignore
    expect(() => audio.powerToDb(power, { ref: -1 })).toThrow("ref (or 'max'): expected a number above 0, got -1"); // prettier-ignore
    expect(() => audio.powerToDb(power, { topDb: -1 })).toThrow('topDb: expected 0 or more, or null, got -1'); // prettier-ignore
    expect(() => audio.powerToDb([1, 2] as never)).toThrow(
      'powerToDb: expected { data, shape: [frames, columns] }, got a list of 2',
    );
    expect(() => audio.powerToDb({ data: [1, 2, 3], shape: [2, 2] })).toThrow(
      'powerToDb: expected shape [frames, columns] for 3 numbers, got [2, 2]',
    );
  });
});

describe('MFCCs', () => {
  it('are at most as many as the filters', () => {
    expect(audio.mfcc(y, { ...mel, nMfcc: 20 }).shape).toEqual([31, 20]);
    expect(() => audio.mfcc(y, { ...mel, nMfcc: 21 })).toThrow(
      'mfcc: nMfcc (the number of mel filters): expected a whole number from 1 to 20, got 21',
    );
    expect(() => audio.mfcc(y, { ...mel, lifter: -1 })).toThrow('lifter: expected 0 or more, got -1'); // prettier-ignore
  });

  it('of all filters keep the energy of each frame', () => {
    const levels = audio.logMelSpectrogram(y, mel);
    const { data } = audio.mfccFromLogMel(levels, { nMfcc: 20 });
    const energy = (values: Float32Array) =>
      values.subarray(0, 20).reduce((sum, value) => sum + value * value, 0);
    expect(energy(data) / energy(levels.data)).toBeCloseTo(1, 5);
  });
});

describe('deltas', () => {
  const columns = (f: (t: number) => number, frames: number) => ({
    data: Array.from({ length: frames }, (_, t) => f(t)),
    shape: [frames, 1],
  });

  it('of a polynomial are its derivatives, at the ends too', () => {
    const line = audio.delta(columns((t) => 3 - 2 * t, 12));
    expectClose(line.data, new Array<number>(12).fill(-2), 'first', TOLERANCE.golden);
    const parabola = columns((t) => 5 * t * t - t, 12);
    expectClose(audio.delta(parabola, { order: 2, width: 5 }).data, new Array<number>(12).fill(10), 'second', TOLERANCE.golden); // prettier-ignore
    const cubic = columns((t) => t ** 3, 12);
    expectClose(audio.delta(cubic, { order: 3, width: 7 }).data, new Array<number>(12).fill(6), 'third', TOLERANCE.golden); // prettier-ignore
  });

  it('repeat the first and last frame, where that is asked for', () => {
    const { data } = audio.delta(
      columns((t) => t, 3),
      { width: 3, mode: 'nearest' },
    );
    expectClose(data, [0.5, 1, 0.5], 'short');
    expect(() => audio.delta(columns((t) => t, 3))).toThrow(
      "delta: expected at least as many frames as width, 9, got 3; take a smaller width, or mode: 'nearest'",
    );
  });

  it('have an odd width, and an order below it', () => {
    const x = columns((t) => t, 20);
    expect(() => audio.delta(x, { width: 4 })).toThrow(
      'delta: width: expected an odd number, got 4',
    );
    expect(() => audio.delta(x, { width: 1 })).toThrow('delta: width: expected a whole number of at least 3, got 1'); // prettier-ignore
    expect(() => audio.delta(x, { order: 9 })).toThrow('delta: order: expected a whole number from 1 to 8, got 9'); // prettier-ignore
  });
});

it('preemphasis of one sample begins with that sample twice', () => {
  expect([...audio.preemphasis([0.5])]).toEqual([1]);
  expect(() => audio.preemphasis([1], NaN)).toThrow(
    'expected coefficient to be a finite number, got NaN',
  );
});
