/** Points drawn from mixture densities, on the host. */
import { COUNT, NOT_NEGATIVE, POSITIVE, readOptions, REQUIRED } from '../options.ts';
import type { Check } from '../options.ts';
import type { Random } from '../random.ts';

/** How `sampleMixture` draws. */
export interface SampleMixtureOptions {
  /** Where the random numbers come from: the same seed gives the same points. */
  random: Random;
  /** Points to draw, one from each row of the outputs; 1 by default. */
  rows?: number;
  /** As of the loss; 1e-4 by default. */
  minScale?: number;
  /**
   * How far samples are drawn towards what is probable (Graves 2013, equations 61 and 62): logits of weights times 1 + bias, deviations times
   * e^-bias. 0 by default.
   */
  bias?: number;
  /**
   * Logits of the weights and of the end of the stroke divided by it, and variances times it (Ha and Eck 2017, "A Neural Representation of
   * Sketch Drawings"); 1 by default.
   */
  temperature?: number;
}

const RANDOM: Check = [
  'a Random',
  (value) => typeof (value as Partial<Random> | undefined)?.uniform === 'function',
];

/**
 * Draws a point from each row of what a network trained with `losses.mixtureDensity` puts out.
 *
 * @param outputs [rows, 6 K + 1], or [rows, 6 K] without the end of strokes, row-major, as `stream().step()` and `data()` give them
 * @returns [rows, 3] (x, y, and 1 where the stroke ends, else 0), or [rows, 2], row-major
 */
export function sampleMixture(
  outputs: ArrayLike<number>,
  options: SampleMixtureOptions,
): Float32Array {
  const { random, rows, minScale, bias, temperature } = readOptions<Required<SampleMixtureOptions>>(
    'sampleMixture',
    options,
    { random: REQUIRED, rows: 1, minScale: 1e-4, bias: 0, temperature: 1 },
    {
      random: RANDOM,
      rows: COUNT,
      minScale: NOT_NEGATIVE,
      bias: NOT_NEGATIVE,
      temperature: POSITIVE,
    },
  );
  const width = outputs.length / rows;
  const pen = width % 6;
  if (!(Number.isInteger(width) && width >= 6 && pen <= 1))
    throw new Error(
      `sampleMixture: expected outputs of ${rows} row${rows === 1 ? '' : 's'} of 6 K + 1 or 6 K numbers each, got ${outputs.length} numbers; ` +
        'give the number of rows',
    );
  const components = (width - pen) / 6;
  const narrowing = Math.exp(-bias) * Math.sqrt(temperature);
  const points = new Float32Array(rows * (2 + pen));
  for (let row = 0; row < rows; row++) {
    const of = (block: number, k: number) => outputs[row * width + block * components + k];
    const logits = Array.from(
      { length: components },
      (_, k) => (of(0, k) * (1 + bias)) / temperature,
    );
    const k = choose(logits, random.uniform());
    const scales = [3, 4].map((block) => (minScale + Math.exp(of(block, k))) * narrowing);
    const [first, second] = [random.normal(), random.normal()];
    const r = of(5, k);
    const at = row * (2 + pen);
    points[at] = of(1, k) + scales[0] * first;
    // √(1-ρ²) = 1 / cosh r
    points[at + 1] = of(2, k) + scales[1] * (Math.tanh(r) * first + second / Math.cosh(r));
    if (pen === 1) {
      const logit = outputs[(row + 1) * width - 1] / temperature;
      points[at + 2] = random.uniform() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
    }
  }
  return points;
}

/** An index with the probabilities softmax(logits), from a uniform number in [0, 1). */
function choose(logits: readonly number[], uniform: number): number {
  const largest = Math.max(...logits);
  const weights = logits.map((logit) => Math.exp(logit - largest));
  let rest = uniform * weights.reduce((sum, weight) => sum + weight, 0);
  const found = weights.findIndex((weight) => (rest -= weight) < 0);
  // Rounding may leave a rest after the last one.
  return found < 0 ? logits.length - 1 : found;
}
