/** The short-time Fourier transform. */
import { check, FLAG } from '../options.ts';
import type { AudioArray } from './audio_array.ts';
import { checkChain, checkSignal, oneOf, wholeNumber } from './checks.ts';
import { transformOf } from './fft.ts';
import { countFrames, pad } from './frames.ts';
import type { PadMode } from './frames.ts';
import { getWindow } from './windows.ts';
import type { WindowName } from './windows.ts';

/** Names and defaults are librosa's. */
export interface StftOptions {
  /** Length of the transform in samples; 2048 by default. Any length is computed, powers of two fastest. */
  readonly nFft?: number;
  /** Samples from one frame to the next; floor(winLength / 4) by default. */
  readonly hopLength?: number;
  /** Length of the window in samples, at most nFft, which is the default; the window is in the middle of a frame of nFft samples. */
  readonly winLength?: number;
  /** 'hann' by default; or a window of one's own, [winLength]. */
  readonly window?: WindowName | ArrayLike<number>;
  /** Whether frame t is centred on sample t · hopLength, the default; otherwise it begins there. */
  readonly center?: boolean;
  /** What stands beyond the ends where frames are centred; 'constant', zeros, by default. */
  readonly padMode?: PadMode;
}

/** [frames, floor(nFft / 2) + 1] each: a row for each frame, a column for each frequency, k · sampleRate / nFft. */
export interface ComplexSpectrogram {
  /** The real part of each coefficient. */
  readonly real: AudioArray;
  /** The imaginary part of each coefficient. */
  readonly imag: AudioArray;
}

/** The frames of a signal, transformed one after the other. */
export interface TransformedFrames {
  readonly count: number;
  readonly bins: number;
  /** Transforms frame t. The arrays, longer than `bins`, are overwritten by the next call. */
  at(t: number): { readonly real: Float64Array; readonly imag: Float64Array };
}

/** Checks the arguments of `what`, which is named in errors. */
export function transformedFrames(
  what: string,
  y: ArrayLike<number>,
  options: StftOptions,
): TransformedFrames {
  checkSignal(what, y);
  const { nFft = 2048, center = true } = options;
  const window = options.window ?? 'hann';
  check(what, 'center', center, FLAG);
  wholeNumber(`${what}: nFft`, nFft, 1);
  const winLength = wholeNumber(`${what}: winLength`, options.winLength ?? nFft, 1, nFft);
  const hop = options.hopLength ?? Math.max(1, Math.floor(winLength / 4));
  wholeNumber(`${what}: hopLength`, hop, 1);
  const padMode = oneOf(`${what}: padMode`, options.padMode ?? 'constant', [
    'constant',
    'reflect',
    'edge',
  ]);
  const weights = typeof window === 'string' ? getWindow(window, winLength) : window;
  if (weights.length !== winLength)
    throw new Error(
      `${what}: expected a window of winLength ${winLength} samples, got ${weights.length}`,
    );
  const samples = center ? pad(y, nFft >> 1, padMode) : y;
  const count = countFrames(what, samples.length, nFft, hop);
  const before = (nFft - winLength) >> 1;
  const transform = transformOf(nFft);
  const real = new Float64Array(nFft);
  const imag = new Float64Array(nFft);
  return {
    count,
    bins: (nFft >> 1) + 1,
    at(t) {
      real.fill(0);
      imag.fill(0);
      for (let i = 0; i < winLength; i++)
        real[before + i] = weights[i] * samples[t * hop + before + i];
      transform(real, imag);
      return { real, imag };
    },
  };
}

/**
 * The short-time Fourier transform, as librosa's `stft`, with a row for each frame.
 *
 * @param y [samples]
 * @returns with `center` 1 + floor(samples / hopLength) frames (for an even nFft), without 1 + floor((samples - nFft) / hopLength)
 * @throws Error if the signal is empty, not finite, or shorter than a frame that is not centred
 */
export function stft(y: ArrayLike<number>, options: StftOptions = {}): ComplexSpectrogram {
  checkChain('stft', options);
  const frames = transformedFrames('stft', y, options);
  const { count, bins } = frames;
  const real = new Float32Array(count * bins);
  const imag = new Float32Array(count * bins);
  for (let t = 0; t < count; t++) {
    const transformed = frames.at(t);
    real.set(transformed.real.subarray(0, bins), t * bins);
    imag.set(transformed.imag.subarray(0, bins), t * bins);
  }
  const shape: [number, number] = [count, bins];
  return { real: { data: real, shape }, imag: { data: imag, shape } };
}
