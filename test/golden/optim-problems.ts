/** What the optimizers of the golden suite `optim` minimise, with gradients in float64. */
import type { GoldenCase, GoldenTensor } from '../support/fixtures.ts';

export const STEPS = 20;

export type Arrays = Record<string, ArrayLike<number>>;
export interface Problem {
  /** The variables' first values, by the names of the outputs. */
  readonly start: Record<string, GoldenTensor>;
  gradients(weights: Arrays, step: number): Arrays;
}

export function problemOf({ name, inputs }: GoldenCase): Problem {
  if (name.endsWith('/fixed_grads')) return fixedGradients(inputs);
  if (name.endsWith('/quadratic')) return quadratic(inputs);
  if (name.endsWith('/logistic')) return logistic(inputs);
  throw new Error(`optim: the problem of '${name}' is unknown`);
}

function fixedGradients({ p0, q0, pgrads, qgrads }: GoldenCase['inputs']): Problem {
  const row = ({ data }: GoldenTensor, step: number) =>
    data.subarray((step * data.length) / STEPS, ((step + 1) * data.length) / STEPS);
  return {
    start: { p: p0, q: q0 },
    gradients: (_, step) => ({ p: row(pgrads, step), q: row(qgrads, step) }),
  };
}

/** (z - c)' A (z - c) / 2 with a symmetric A. */
function quadratic({ z0, A, c }: GoldenCase['inputs']): Problem {
  const n = c.data.length;
  const gradient = (z: ArrayLike<number>) =>
    Array.from(c.data, (_, i) => {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += A.data[i * n + j] * (z[j] - c.data[j]);
      return sum;
    });
  return { start: { z: z0 }, gradients: ({ z }) => ({ z: gradient(z) }) };
}

/** The mean of the binary cross-entropy with logits X w + b. */
function logistic({ X, y, w0, b0 }: GoldenCase['inputs']): Problem {
  const [rows, columns] = X.shape;
  return {
    start: { w: w0, b: b0 },
    gradients: ({ w, b }) => {
      const dw = new Array<number>(columns).fill(0);
      let db = 0;
      for (let r = 0; r < rows; r++) {
        let logit = b[0];
        for (let k = 0; k < columns; k++) logit += X.data[r * columns + k] * w[k];
        const error = (1 / (1 + Math.exp(-logit)) - y.data[r]) / rows;
        for (let k = 0; k < columns; k++) dw[k] += error * X.data[r * columns + k];
        db += error;
      }
      return { w: dw, b: [db] };
    },
  };
}
