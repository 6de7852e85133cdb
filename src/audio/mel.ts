/** The mel scale, on which equal steps sound equally large, and filters that are spaced by it. */
import { check, NOT_NEGATIVE, NUMBER, sizeFor } from '../options.ts';
import { rounded } from './audio_array.ts';
import type { AudioArray, Matrix } from './audio_array.ts';
import { checkChain, oneOf, positive, wholeNumber } from './checks.ts';

/** 'slaney': of the Auditory Toolbox (Slaney 1998), linear up to 1000 Hz. 'htk': 2595 log10(1 + f / 700), of HTK. */
export type MelScale = 'slaney' | 'htk';
const SCALES = ['slaney', 'htk'] as const;

/** Below 1000 Hz, which is 15 mels, Slaney's scale has 200/3 Hz a mel; above, 27 mels multiply a frequency by 6.4. */
const HERTZ_PER_MEL = 200 / 3;
const [KNEE, KNEE_MEL] = [1000, 15];
const LOG_STEP = Math.log(6.4) / 27;

/** @param frequency in hertz, at least 0 */
export function hzToMel(frequency: number, scale: MelScale = 'slaney'): number {
  check('hzToMel', 'frequency', frequency, NOT_NEGATIVE);
  if (oneOf('hzToMel', scale, SCALES) === 'htk') return 2595 * Math.log10(1 + frequency / 700);
  return frequency < KNEE
    ? frequency / HERTZ_PER_MEL
    : KNEE_MEL + Math.log(frequency / KNEE) / LOG_STEP;
}

/** The frequency in hertz; the inverse of `hzToMel`. */
export function melToHz(mel: number, scale: MelScale = 'slaney'): number {
  check('melToHz', 'mel', mel, NUMBER);
  if (oneOf('melToHz', scale, SCALES) === 'htk') return 700 * (10 ** (mel / 2595) - 1);
  return mel < KNEE_MEL ? mel * HERTZ_PER_MEL : KNEE * Math.exp(LOG_STEP * (mel - KNEE_MEL));
}

/** Which filters there are. Defaults are librosa's. */
export interface MelRange {
  /** Number of filters; 128 by default. */
  readonly nMels?: number;
  /** Where the first filter begins, in hertz; 0 by default. */
  readonly fMin?: number;
  /** Where the last filter ends, in hertz; half the sample rate by default. */
  readonly fMax?: number;
  /** 'slaney' by default. */
  readonly melScale?: MelScale;
  /** 'slaney', the default, gives all filters the same area over hertz; with null all have the height 1. */
  readonly norm?: 'slaney' | null;
}

/** Which filters `melFilterbank` makes, and for which transform. */
export interface MelFilterbankOptions extends MelRange {
  /** Samples a second, in hertz. */
  readonly sampleRate: number;
  /** Length of the Fourier transform; 2048 by default. */
  readonly nFft?: number;
}

/** Checks the options of `what`, which is named in errors. */
export function filterMatrix(what: string, options: MelFilterbankOptions): Matrix {
  const { nFft = 2048, nMels = 128, fMin = 0, melScale = 'slaney', norm = 'slaney' } = options;
  const sampleRate = positive(`${what}: sampleRate`, options.sampleRate);
  const { fMax = sampleRate / 2 } = options;
  wholeNumber(`${what}: nFft`, nFft, 1);
  wholeNumber(`${what}: nMels`, nMels, 1);
  oneOf(`${what}: melScale`, melScale, SCALES);
  if (norm !== null) oneOf(`${what}: norm (or null)`, norm, ['slaney']);
  check(what, 'fMin', fMin, NUMBER);
  check(what, 'fMax', fMax, NUMBER);
  if (!(fMin >= 0 && fMin < fMax && fMax <= sampleRate / 2))
    throw new Error(
      `${what}: expected 0 <= fMin < fMax <= ${sampleRate / 2} Hz, half the sample rate, got ${fMin} and ${fMax}`,
    );
  const [low, high] = [hzToMel(fMin, melScale), hzToMel(fMax, melScale)];
  // Each filter rises from one of these to the next, and falls to the one after that.
  const bins = Math.floor(nFft / 2) + 1;
  const size = sizeFor(what, nMels, bins);
  const edges = Float64Array.from({ length: nMels + 2 }, (_, i) =>
    melToHz(low + ((high - low) * i) / (nMels + 1), melScale),
  );
  const data = new Float64Array(size);
  for (let m = 0; m < nMels; m++) {
    const [begin, peak, end] = edges.subarray(m, m + 3);
    const scale = norm === 'slaney' ? 2 / (end - begin) : 1;
    for (let k = 0; k < bins; k++) {
      const f = (k * sampleRate) / nFft;
      const height = Math.min((f - begin) / (peak - begin), (end - f) / (end - peak));
      data[m * bins + k] = scale * Math.max(0, height);
    }
  }
  return { data, shape: [nMels, bins] };
}

/**
 * Triangular filters, as librosa's `filters.mel`: power spectra times these are mel spectra. A filter narrower than the distance between two
 * frequencies of the transform may have no weight at all: take fewer filters, or a longer transform.
 *
 * @returns [nMels, floor(nFft / 2) + 1]
 * @throws Error if the frequencies are not 0 <= fMin < fMax <= sampleRate / 2
 */
export function melFilterbank(options: MelFilterbankOptions): AudioArray {
  checkChain('melFilterbank', options);
  return rounded(filterMatrix('melFilterbank', options));
}
