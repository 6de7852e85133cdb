/** Transforms, windows and frames, beyond what the golden suite has. */
import { describe, expect, it } from 'vitest';
import { frame, getWindow, rfft, stft } from '../../src/audio/index.ts';
import { expectClose } from '../support/check.ts';
import { floats } from '../support/random.ts';
import { TOLERANCE } from '../support/tolerances.ts';

/** By the definition. */
function naive(x: ArrayLike<number>, n: number) {
  const bins = Array.from({ length: (n >> 1) + 1 }, (_, k) => k);
  const sum = (k: number, f: (angle: number) => number) =>
    Array.from({ length: Math.min(n, x.length) }, (_, t) => x[t] * f((-2 * Math.PI * k * t) / n)) // prettier-ignore
      .reduce((total, value) => total + value, 0);
  return { real: bins.map((k) => sum(k, Math.cos)), imag: bins.map((k) => sum(k, Math.sin)) };
}

describe('rfft', () => {
  it.each([1, 2, 3, 5, 12, 31, 64, 100, 257])('of length %s', (n) => {
    const x = floats([n], n).data;
    const found = rfft(x);
    const expected = naive(x, n);
    expect(found.real).toBeInstanceOf(Float64Array);
    const exact = { absolute: 1e-12, relative: 1e-12 };
    expectClose(found.real, expected.real, 'real', exact);
    expectClose(found.imag, expected.imag, 'imag', exact);
  });

  it('cuts off what is too long, and pads what is too short', () => {
    const x = floats([10], 1).data;
    for (const n of [7, 8, 15]) expectClose(rfft(x, n).real, naive(x, n).real, `${n}`);
  });

  it('refuses what is no signal', () => {
    expect(() => rfft([])).toThrow('rfft: expected at least one sample, got none');
    expect(() => rfft([1, NaN])).toThrow('rfft: expected finite samples, got NaN at index 1');
    expect(() => rfft([1, 2], 0)).toThrow(
      'fftLength: expected a whole number of at least 1, got 0',
    );
    expect(() => rfft('sound' as never)).toThrow("expected a list of samples, got 'sound'");
    expect(() => rfft({ sampleRate: 1, channels: [] } as never)).toThrow(
      /got an object with sampleRate, channels; pass one of its channels, or toMono\(\) of it/,
    );
  });
});

describe('windows', () => {
  it('are those of SciPy', () => {
    expectClose(getWindow('hann', 4), [0, 0.5, 1, 0.5], 'hann');
    expectClose(getWindow('hann', 5, { periodic: false }), [0, 0.5, 1, 0.5, 0], 'symmetric');
    expectClose(getWindow('hamming', 4), [0.08, 0.54, 1, 0.54], 'hamming');
    expectClose(getWindow('blackman', 4), [0, 0.34, 1, 0.34], 'blackman');
    expect([...getWindow('boxcar', 3)]).toEqual([1, 1, 1]);
    expect([...getWindow('hann', 1)]).toEqual([1]);
  });

  it('have names', () => {
    expect(() => getWindow('kaiser' as never, 4)).toThrow(
      "getWindow: expected one of 'hann', 'hamming', 'blackman', 'boxcar', got 'kaiser'",
    );
  });
});

describe('frames', () => {
  it('overlap, and leave out what fills none', () => {
    const { data, shape } = frame([1, 2, 3, 4, 5, 6], 3, 2);
    expect(shape).toEqual([2, 3]);
    expect([...data]).toEqual([1, 2, 3, 3, 4, 5]);
    expect(() => frame([1, 2], 3, 1)).toThrow(
      'frame: expected at least as many samples as a frame has, 3, got 2; pad the signal, or take shorter frames',
    );
  });

  it('are padded at both ends where they are centred', () => {
    // One frame for each sample: the real part at frequency 0 is the sum of the frame.
    const sums = (y: number[], padMode: 'constant' | 'reflect' | 'edge', nFft = 5) => [
      ...stft(y, { nFft, hopLength: 1, window: 'boxcar', padMode }).real.data.filter(
        (_, i) => i % ((nFft >> 1) + 1) === 0,
      ),
    ];
    expectClose(sums([1, 2, 4], 'constant'), [7, 7, 7], 'zeros');
    expectClose(sums([1, 2, 4], 'reflect'), [4 + 2 + 1 + 2 + 4, 11, 1 + 2 + 4 + 2 + 1], 'mirrored');
    expectClose(sums([1, 2, 4], 'edge'), [1 + 1 + 1 + 2 + 4, 12, 1 + 2 + 4 + 4 + 4], 'repeated');
    // Mirrored more than once.
    expectClose(sums([1, 2], 'reflect', 7), [11, 10], 'short');
    expectClose(sums([3], 'reflect'), [15], 'one sample');
  });

  it('have a window of their own, in the middle of the transform', () => {
    const y = floats([40], 3).data;
    const options = { nFft: 16, hopLength: 5, center: false } as const;
    const window = Float64Array.from({ length: 16 }, (_, i) => (i >= 5 && i < 11 ? i : 0));
    const [a, b] = [
      stft(y, { ...options, window }),
      stft(y, { ...options, winLength: 6, window: window.slice(5, 11) }),
    ];
    expect(a.real.shape).toEqual([5, 9]);
    expectClose(a.imag.data, b.imag.data, 'imag', TOLERANCE.golden);
    expect(() => stft(y, { ...options, winLength: 5, window })).toThrow(
      'stft: expected a window of winLength 5 samples, got 16',
    );
    expect(() => stft(y, { ...options, winLength: 17 })).toThrow(
      'stft: winLength: expected a whole number from 1 to 16, got 17',
    );
    expect(() => stft([1, 2, 3], options)).toThrow(/as many samples as a frame has, 16, got 3/);
  });
});
