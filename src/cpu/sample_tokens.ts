import type { NumericArray } from '../backend.ts';
import { philox, SAMPLING } from '../random.ts';
import type { Twin } from './twin.ts';

/** The same bits as a float32 and as an int32. */
const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

export function bitsOf(x: number): number {
  float[0] = x;
  return bits[0];
}

/** Twin of shaders/sample_tokens.wgsl. */
export const sampleTokens: Twin<'sample_tokens'> = (arrays, p) => {
  const { logProbs, kinds, script, positions, ids, picked } = arrays;
  const { rows, vocabulary, scriptLength } = p;
  for (let row = 0; row < rows; row++) {
    const start = row * vocabulary;
    const position = positions[row] + 1;
    let id = -1;
    for (let v = 0; v < vocabulary; v++)
      if (
        kinds[v] !== 1 &&
        (id < 0 ? logProbs[start + v] <= Infinity : logProbs[start + v] > logProbs[start + id])
      )
        id = v;
    if (p.draws && id >= 0) {
      const words = philox([position, row, 0, SAMPLING], [p.seedLow, p.seedHigh]);
      id = drawn(
        logProbs.subarray(start, start + vocabulary),
        kinds,
        id,
        (words[0] >>> 8) / 2 ** 24,
        p,
      );
    }
    const told = position < scriptLength ? script[row * scriptLength + position] : -1;
    if (told !== -1) id = told < 0 ? -2 - told : told;
    positions[row] = position;
    ids[row] = id;
    picked[row] = id;
    picked[rows + row] = id < 0 ? 0 : bitsOf(logProbs[start + id]);
  }
};

/** @param best the most probable one @param u uniform in [0, 1) */
function drawn(
  x: NumericArray,
  kinds: NumericArray,
  best: number,
  u: number,
  { topK, topP, inverseTemperature }: Record<'topK' | 'topP' | 'inverseTemperature', number>,
): number {
  const weight = (value: number): number => Math.exp((value - x[best]) * inverseTemperature);
  let threshold = -Infinity;
  if (topK > 0 || topP < 1) {
    const sorted = x.filter((_, v) => kinds[v] !== 1).sort();
    // From the largest on, as many as are kept, and what is as large as the last of them.
    if (topK > 0 && topK < sorted.length) threshold = sorted[sorted.length - topK];
    if (topP < 1) {
      let total = 0;
      for (const value of sorted) if (value >= threshold) total += weight(value);
      let mass = 0;
      for (let i = sorted.length - 1; i >= 0 && mass < topP * total; i--) {
        mass += weight(sorted[i]);
        if (mass >= topP * total) threshold = sorted[i];
      }
    }
  }
  let total = 0;
  for (let v = 0; v < x.length; v++) if (kinds[v] !== 1 && x[v] >= threshold) total += weight(x[v]);
  let left = u * total;
  let id = best;
  for (let v = 0; v < x.length; v++) {
    if (kinds[v] === 1 || x[v] < threshold) continue;
    const own = weight(x[v]);
    if (own === 0) continue;
    id = v;
    if (left < own) break;
    left -= own;
  }
  return id;
}
