/** Cuts a signal into overlapping frames. */
import type { AudioArray } from './audio_array.ts';
import { checkSignal, wholeNumber } from './checks.ts';

/** What stands beyond the ends of a signal: zeros, the signal mirrored at its first and last sample, or these samples. */
export type PadMode = 'constant' | 'reflect' | 'edge';

/**
 * Frames of a signal, as librosa's `util.frame`, one a row: frame t begins at sample t · hopLength. What is left at the end and fills no frame
 * is dropped.
 *
 * @param x [samples]
 * @returns [1 + floor((samples - frameLength) / hopLength), frameLength]
 * @throws Error if the signal is shorter than a frame
 */
export function frame(x: ArrayLike<number>, frameLength: number, hopLength: number): AudioArray {
  checkSignal('frame', x);
  wholeNumber('frame: frameLength', frameLength, 1);
  wholeNumber('frame: hopLength', hopLength, 1);
  const count = countFrames('frame', x.length, frameLength, hopLength);
  const data = new Float32Array(count * frameLength);
  for (let t = 0; t < count; t++)
    for (let i = 0; i < frameLength; i++) data[t * frameLength + i] = x[t * hopLength + i];
  return { data, shape: [count, frameLength] };
}

export function countFrames(what: string, samples: number, length: number, hop: number): number {
  if (samples >= length) return 1 + Math.floor((samples - length) / hop);
  throw new Error(
    `${what}: expected at least as many samples as a frame has, ${length}, got ${samples}; pad the signal, or take shorter frames`,
  );
}

/** The signal with `count` samples more at each end. */
export function pad(x: ArrayLike<number>, count: number, mode: PadMode): Float64Array {
  const last = x.length - 1;
  // Mirrored again and again where the signal is shorter than what is missing.
  const mirrored = (i: number): number => {
    if (last === 0) return 0;
    const within = ((i % (2 * last)) + 2 * last) % (2 * last);
    return within <= last ? within : 2 * last - within;
  };
  return Float64Array.from({ length: x.length + 2 * count }, (_, at) => {
    const i = at - count;
    if (i >= 0 && i <= last) return x[i];
    if (mode === 'constant') return 0;
    return x[mode === 'reflect' ? mirrored(i) : Math.max(0, Math.min(last, i))];
  });
}
