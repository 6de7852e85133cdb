// Words as arrays, all in one batch, padded to the longest.
import { START } from './languages.ts';
import type { Word } from './languages.ts';

interface Numbers {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}
/** What a network sees, one-hot, what may come next, 1 or 0 for each, and which steps count. */
export type Batch = readonly [x: Numbers, y: Numbers, weights: Numbers];

export function batchOf(words: readonly Word[]): Batch {
  const [rows, steps] = [words.length, Math.max(...words.map(({ next }) => next.length))];
  const [x, y] = [new Float32Array(rows * steps * 3), new Float32Array(rows * steps * 3)];
  const weights = new Float32Array(rows * steps);
  words.forEach(({ symbols, next }, row) =>
    next.forEach((bits, t) => {
      const at = row * steps + t;
      x[3 * at + (t === 0 ? START : symbols[t - 1])] = 1;
      for (let k = 0; k < 3; k++) y[3 * at + k] = (bits >> k) & 1;
      weights[at] = 1;
    }),
  );
  const shape = [rows, steps, 3];
  return [
    { data: x, shape },
    { data: y, shape },
    { data: weights, shape: [rows, steps] },
  ];
}
