/** Mel-frequency cepstral coefficients (Davis and Mermelstein 1980). */
import { show } from '../options.ts';
import { checkMatrix, rounded } from './audio_array.ts';
import type { AudioArray, Matrix, NumberMatrix } from './audio_array.ts';
import { checkChain, wholeNumber } from './checks.ts';
import { decibels } from './decibels.ts';
import type { DecibelOptions } from './decibels.ts';
import { melMatrix } from './mel_spectrogram.ts';
import type { MelSpectrogramOptions } from './mel_spectrogram.ts';

/** Names and defaults are librosa's. */
export interface CepstrumOptions {
  /** Coefficients of a frame, at most one for each mel filter; 20 by default. */
  readonly nMfcc?: number;
  /** L scales coefficient k (from 1) by 1 + L/2 sin(π k / L), which raises the higher ones; 0, the default, scales none. */
  readonly lifter?: number;
}

/**
 * The options of all steps of `mfcc`: transform, mel filters, decibels and coefficients. Only `sampleRate` must be
 * given.
 */
export type MfccOptions = MelSpectrogramOptions & DecibelOptions & CepstrumOptions;

function cepstrum(what: string, { data, shape }: NumberMatrix, options: CepstrumOptions): Matrix {
  const [frames, mels] = shape;
  const { nMfcc = 20, lifter = 0 } = options;
  const advice = Number.isSafeInteger(nMfcc) && nMfcc > mels ? ' (the number of mel filters)' : '';
  wholeNumber(`${what}: nMfcc${advice}`, nMfcc, 1, mels);
  if (!(typeof lifter === 'number' && lifter >= 0 && lifter < Infinity))
    throw new Error(`${what}: lifter: expected 0 or more, got ${show(lifter)}`);
  // The orthonormal discrete cosine transform of type 2, [coefficients, mels].
  const basis = Float64Array.from({ length: nMfcc * mels }, (_, at) => {
    const [k, m] = [Math.floor(at / mels), at % mels];
    const scale = Math.sqrt((k === 0 ? 1 : 2) / mels);
    // A lifter that is 0 in float32 lifts nothing: π divided by it could be infinite.
    const lift =
      Math.fround(lifter) > 0 ? 1 + (lifter / 2) * Math.sin((Math.PI * (k + 1)) / lifter) : 1;
    return lift * scale * Math.cos((Math.PI * k * (m + 0.5)) / mels);
  });
  const result = new Float64Array(frames * nMfcc);
  for (let t = 0; t < frames; t++)
    for (let k = 0; k < nMfcc; k++) {
      let sum = 0;
      for (let m = 0; m < mels; m++) sum += data[t * mels + m] * basis[k * mels + m];
      result[t * nMfcc + k] = sum;
    }
  return { data: result, shape: [frames, nMfcc] };
}

/**
 * Mel-frequency cepstral coefficients, as librosa's `feature.mfcc`, with a row for each frame: the orthonormal cosine transform (type 2)
 * of a mel spectrogram in decibels.
 *
 * @param y [samples]
 * @returns [frames, nMfcc]
 * @throws Error as `stft` and `melFilterbank` do, or if there are more coefficients than filters
 */
export function mfcc(y: ArrayLike<number>, options: MfccOptions): AudioArray {
  checkChain('mfcc', options);
  const levels = decibels('mfcc', melMatrix('mfcc', y, options), options);
  return rounded(cepstrum('mfcc', levels, options));
}

/**
 * The same from a mel spectrogram in decibels.
 *
 * @param logMel [frames, mels]
 * @returns [frames, nMfcc]
 * @throws Error if it is not a matrix, or if there are more coefficients than filters
 */
export function mfccFromLogMel(logMel: NumberMatrix, options: CepstrumOptions = {}): AudioArray {
  const what = 'mfccFromLogMel';
  checkChain(what, options);
  return rounded(cepstrum(what, checkMatrix(what, logMel), options));
}
