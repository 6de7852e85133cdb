import type { NumericArray } from '../backend.ts';
import type { Twin } from './twin.ts';

/** Twin of shaders/ctc.wgsl. */
export const ctc: Twin<'ctc'> = ({ logits, targets, lengths, mask, loss, slope }, params) => {
  const { rows, steps, classes, hasMask, hasSlope, zeroInfinity } = params;
  const counts = (row: number, t: number): boolean => !hasMask || mask[row * steps + t] !== 0;
  for (let row = 0; row < rows; row++) {
    const path = pathOf(row, targets, lengths, params);
    const own = logits.subarray(row * steps * classes, (row + 1) * steps * classes);
    const live: number[] = [];
    for (let t = 0; t < steps; t++) if (counts(row, t)) live.push(t);
    const normals = live.map((t) => normalizer(own, t * classes, classes));
    const invalid = path === null || !normals.every(Number.isFinite);
    const slopes = slope.subarray(row * steps * classes, (row + 1) * steps * classes);
    if (hasSlope) slopes.fill(invalid ? NaN : 0);
    if (invalid) {
      loss[row] = NaN;
      continue;
    }
    // log y of each step that counts and each state.
    const states = path.length;
    const y = new Float64Array(live.length * states);
    live.forEach((t, k) => {
      for (let s = 0; s < states; s++) y[k * states + s] = own[t * classes + path[s]] - normals[k];
    });
    const alphas = forward(y, path, live.length);
    const end = live.length * states + states - 1;
    const total = logSum(alphas[end], states > 1 ? alphas[end - 1] : -Infinity, -Infinity);
    loss[row] = total === -Infinity && zeroInfinity ? 0 : -total;
    if (!hasSlope || total === -Infinity) continue;
    const taken = occupancies(y, alphas, path, live.length, total);
    live.forEach((t, k) => {
      const first = t * classes;
      for (let c = 0; c < classes; c++) slopes[first + c] = Math.exp(own[first + c] - normals[k]);
      for (let s = 0; s < states; s++) slopes[first + path[s]] -= taken[k * states + s];
    });
  }
};

/** The classes of a row's states, or null where a label is no class. */
function pathOf(
  row: number,
  targets: NumericArray,
  lengths: NumericArray,
  { labels, classes, blank, hasLengths }: Parameters<Twin<'ctc'>>[1],
): number[] | null {
  const path = [blank];
  const most = hasLengths ? Math.min(lengths[row], labels) : labels;
  for (let i = 0; i < most; i++) {
    const label = targets[row * labels + i];
    const none = label < 0 || label === blank;
    if (none && !hasLengths) break;
    if (none || label >= classes) return null;
    path.push(label, blank);
  }
  return path;
}

function normalizer(logits: NumericArray, first: number, classes: number): number {
  let largest = -Infinity;
  for (let c = 0; c < classes; c++) largest = Math.max(largest, logits[first + c]);
  let sum = 0;
  for (let c = 0; c < classes; c++) sum += Math.exp(logits[first + c] - largest);
  return largest + Math.log(sum);
}

function logSum(a: number, b: number, c: number): number {
  const largest = Math.max(a, b, c);
  if (largest === -Infinity) return largest;
  return largest + Math.log(Math.exp(a - largest) + Math.exp(b - largest) + Math.exp(c - largest));
}

const maySkip = (path: readonly number[], s: number): boolean =>
  s > 1 && s % 2 === 1 && path[s] !== path[s - 2];

/** alpha before the first step and after each. */
function forward(y: Float64Array, path: readonly number[], steps: number): Float64Array {
  const states = path.length;
  const alphas = new Float64Array((steps + 1) * states).fill(-Infinity, 1, states);
  for (let k = 0; k < steps; k++) {
    const before = k * states;
    for (let s = 0; s < states; s++) {
      const one = s > 0 ? alphas[before + s - 1] : -Infinity;
      const two = maySkip(path, s) ? alphas[before + s - 2] : -Infinity;
      alphas[before + states + s] = logSum(alphas[before + s], one, two) + y[before + s];
    }
  }
  return alphas;
}

/** gamma: by step, the probabilities of the states, given the labels. */
function occupancies(
  y: Float64Array,
  alphas: Float64Array,
  path: readonly number[],
  steps: number,
  total: number,
): Float64Array {
  const states = path.length;
  const gammas = new Float64Array(steps * states);
  const betas = new Float64Array(states).fill(-Infinity).fill(0, Math.max(states - 2, 0));
  for (let k = steps - 1; k >= 0; k--) {
    const first = k * states;
    for (let s = 0; s < states; s++)
      gammas[first + s] = Math.exp(alphas[first + states + s] + betas[s] - total);
    // In this order, each sum finds what is still that of this step.
    for (let s = 0; s < states; s++) {
      const one = s + 1 < states ? betas[s + 1] + y[first + s + 1] : -Infinity;
      const two =
        s + 2 < states && maySkip(path, s + 2) ? betas[s + 2] + y[first + s + 2] : -Infinity;
      betas[s] = logSum(betas[s] + y[first + s], one, two);
    }
  }
  return gammas;
}
