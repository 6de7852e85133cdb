/** The mixture density of a row, as in shaders/lib/mixture_density.wgsl. */
import type { NumericArray, Params } from '../backend.ts';

/** What `find` computes for each component of a row; of x and y, for each component of both, x first. */
export class MixtureRow {
  /** softmax of the logits of the weights. */
  readonly weights: Float64Array;
  /** The component's part of the density at the target. */
  readonly responsibilities: Float64Array;
  readonly rho: Float64Array;
  readonly spread: Float64Array;
  readonly z: Float64Array;
  readonly across: Float64Array;
  readonly inverse: Float64Array;
  readonly share: Float64Array;
  /** -log of the density, without the end of the stroke. */
  loss = 0;
  private readonly params: Params<'mixture_density'>;

  constructor(params: Params<'mixture_density'>) {
    const { components } = params;
    const one = () => new Float64Array(components);
    const two = () => new Float64Array(2 * components);
    [this.weights, this.responsibilities, this.rho, this.spread] = [one(), one(), one(), one()];
    [this.z, this.across, this.inverse, this.share] = [two(), two(), two(), two()];
    this.params = params;
  }

  find(predictions: NumericArray, targets: NumericArray, row: number): void {
    const { components, pen } = this.params;
    const { weights, responsibilities } = this;
    const first = row * (6 * components + pen);
    for (let k = 0; k < components; k++) weights[k] = predictions[first + k];
    const largest = largestOf(weights);
    for (let k = 0; k < components; k++)
      responsibilities[k] =
        weights[k] - largest + this.component(predictions, targets, row, first + k, k);
    const top = largestOf(responsibilities);
    const ofWeights = normalize(weights, largest);
    const ofDensities = top + normalize(responsibilities, top);
    this.loss = ofWeights - ofDensities + Math.log(4 * Math.PI);
  }

  /** @returns log of the density, without its factor 1 / 4 π */
  private component(
    predictions: NumericArray,
    targets: NumericArray,
    row: number,
    first: number,
    k: number,
  ): number {
    const { components, pen, log_min_scale: least } = this.params;
    const r = predictions[first + 5 * components];
    const e = Math.exp(-2 * Math.abs(r));
    const direction = r >= 0 ? 1 : -1;
    let logDensity = Math.abs(r) + Math.log1p(e);
    for (let axis = 0; axis < 2; axis++) {
      const s = predictions[first + (3 + axis) * components];
      const above = s - least;
      const near = Math.exp(-Math.abs(above));
      const logScale = Math.max(s, least) + Math.log1p(near);
      const at = axis * components + k;
      this.inverse[at] = Math.exp(-logScale);
      this.share[at] = (above >= 0 ? 1 : near) / (1 + near);
      const mean = predictions[first + (1 + axis) * components];
      this.z[at] = (targets[row * (2 + pen) + axis] - mean) * this.inverse[at];
      logDensity -= logScale;
    }
    const [x, y] = [this.z[k], this.z[components + k]];
    const rest = (direction * 2 * e) / (1 + e);
    const spread = 0.5 * (1 + e) * Math.exp(Math.abs(r));
    const acrossY = spread * (y - direction * x + rest * x);
    this.spread[k] = spread;
    this.rho[k] = (direction * (1 - e)) / (1 + e);
    this.across[k] = spread * (x - direction * y + rest * y);
    this.across[components + k] = acrossY;
    return logDensity - 0.5 * (x * x + acrossY * acrossY);
  }
}

function largestOf(values: Float64Array): number {
  let largest = -3.4e38;
  for (const value of values) largest = Math.max(largest, value);
  return largest;
}

/** Turns logarithms into shares, in place. @returns log(sum e^(x - largest)) */
function normalize(logs: Float64Array, largest: number): number {
  let sum = 0;
  for (let k = 0; k < logs.length; k++) sum += logs[k] = Math.exp(logs[k] - largest);
  for (let k = 0; k < logs.length; k++) logs[k] /= sum;
  return Math.log(sum);
}
