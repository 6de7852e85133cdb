// The windows that the detector hears, one after the other, and what is known of them.
import type { Clip } from './clips.ts';

/** Samples that are new in a window, 32 ms, and those before them that it hears once more. */
export const STEP = 512;
const CONTEXT = 64;
export const WINDOW = CONTEXT + STEP;

/** [windows, WINDOW] of all whole windows of a clip. */
export function windowsOf(samples: Float32Array): {
  data: Float32Array<ArrayBuffer>;
  shape: [number, number];
} {
  const count = Math.floor(samples.length / STEP);
  const data = new Float32Array(count * WINDOW);
  for (let k = 0; k < count; k++) {
    const begin = k * STEP - CONTEXT;
    data.set(
      samples.subarray(Math.max(0, begin), (k + 1) * STEP),
      k * WINDOW + Math.max(0, -begin),
    );
  }
  return { data, shape: [count, WINDOW] };
}

/** By window, 1 where somebody speaks for at least half of it. */
export function labelsOf({ speech }: Clip): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: Math.floor(speech.length / STEP) }, (_, k) => {
    const own = speech.subarray(k * STEP, (k + 1) * STEP);
    return Number(2 * own.reduce((sum, one) => sum + one, 0) >= STEP);
  });
}

/**
 * The area under the receiver operating characteristic: how often a window with speech gets a higher probability than one without; 0.5 is chance.
 */
export function areaUnderCurve(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
): number {
  const order = Array.from(probabilities, (_, k) => k).sort(
    (a, b) => probabilities[a] - probabilities[b],
  );
  let [ranks, positives] = [0, 0];
  for (let first = 0; first < order.length;) {
    let end = first;
    while (end < order.length && probabilities[order[end]] === probabilities[order[first]]) end++;
    // Equal ones share the mean of their ranks.
    for (let k = first; k < end; k++) if (labels[order[k]] === 1) ranks += (first + 1 + end) / 2;
    first = end;
  }
  for (let k = 0; k < labels.length; k++) positives += labels[k];
  const negatives = labels.length - positives;
  return (ranks - (positives * (positives + 1)) / 2) / (positives * negatives);
}
