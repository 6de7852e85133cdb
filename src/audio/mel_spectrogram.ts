/** Spectrograms on the mel scale. */
import { NUMBER } from '../options.ts';
import { rounded } from './audio_array.ts';
import type { AudioArray, Matrix } from './audio_array.ts';
import { checkChain, positive } from './checks.ts';
import { decibels } from './decibels.ts';
import type { DecibelOptions } from './decibels.ts';
import { filterMatrix } from './mel.ts';
import type { MelRange } from './mel.ts';
import { transformedFrames } from './stft.ts';
import type { StftOptions } from './stft.ts';

/** Names and defaults are librosa's, but that the sample rate has none, and hopLength is 512 here. */
export interface MelSpectrogramOptions extends StftOptions, MelRange {
  /** Samples a second, in hertz. */
  readonly sampleRate: number;
  /** What magnitudes are raised to before they are summed; 2, power, by default. */
  readonly power?: number;
}

/** Checks the arguments of `what`, which is named in errors. */
export function melMatrix(
  what: string,
  y: ArrayLike<number>,
  options: MelSpectrogramOptions,
): Matrix {
  const power = positive(`${what}: power`, options.power ?? 2);
  const filters = filterMatrix(what, options);
  const [mels, bins] = filters.shape;
  const frames = transformedFrames(what, y, { ...options, hopLength: options.hopLength ?? 512 });
  const data = new Float64Array(frames.count * mels);
  const spectrum = new Float64Array(bins);
  // Most weights are zero: a filter is a few neighbouring frequencies.
  const spans = Array.from({ length: mels }, (_, m) => {
    const row = filters.data.subarray(m * bins, (m + 1) * bins);
    const used = Array.from(row.keys()).filter((k) => row[k] > 0);
    return used.length === 0 ? [0, 0] : [used[0], used.at(-1)! + 1];
  });
  for (let t = 0; t < frames.count; t++) {
    const { real, imag } = frames.at(t);
    for (let k = 0; k < bins; k++) {
      const square = real[k] ** 2 + imag[k] ** 2;
      spectrum[k] = power === 2 ? square : square ** (power / 2);
    }
    for (let m = 0; m < mels; m++) {
      let sum = 0;
      for (let k = spans[m][0]; k < spans[m][1]; k++)
        sum += filters.data[m * bins + k] * spectrum[k];
      if (!NUMBER[1](sum))
        throw new Error(
          `${what}: expected a power whose results are finite numbers, got ${power}; give a smaller one, or quieter samples`,
        );
      data[t * mels + m] = sum;
    }
  }
  return { data, shape: [frames.count, mels] };
}

/**
 * A mel spectrogram, as librosa's `feature.melspectrogram`, with a row for each frame.
 *
 * @param y [samples]
 * @returns [frames, nMels]
 * @throws Error as `stft` and `melFilterbank` do
 */
export function melSpectrogram(y: ArrayLike<number>, options: MelSpectrogramOptions): AudioArray {
  checkChain('melSpectrogram', options);
  return rounded(melMatrix('melSpectrogram', y, options));
}

/** `powerToDb(melSpectrogram(y))`, [frames, nMels] in decibels, without rounding in between. */
export function logMelSpectrogram(
  y: ArrayLike<number>,
  options: MelSpectrogramOptions & DecibelOptions,
): AudioArray {
  const what = 'logMelSpectrogram';
  checkChain(what, options);
  return rounded(decibels(what, melMatrix(what, y, options), options));
}
