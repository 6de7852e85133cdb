/**
 * Keras 3's optimizers once more, written from its documentation in plain float64 loops over one element at a time and
 * sharing nothing with src/: what the kernels and their twins are held against.
 */

type Options = Record<string, any>;
/** Gives the new weight from the old one; `s` are the element's slots, `t` counts from 1. */
type Rule = (w: number, g: number, s: number[], rate: number, t: number, o: Options) => number;

const adam: Rule = (w, g, s, rate, t, o) => {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7, amsgrad = false } = o;
  s[0] = beta1 * s[0] + (1 - beta1) * g;
  s[1] = beta2 * s[1] + (1 - beta2) * g * g;
  s[2] = Math.max(s[2], s[1]);
  const alpha = (rate * Math.sqrt(1 - Math.pow(beta2, t))) / (1 - Math.pow(beta1, t));
  return w - (alpha * s[0]) / (Math.sqrt(amsgrad ? s[2] : s[1]) + epsilon);
};

const RULES: Record<string, Rule> = {
  sgd(w, g, s, rate, _, { momentum = 0, nesterov = false }) {
    if (momentum === 0) return w - rate * g;
    s[0] = momentum * s[0] - rate * g;
    return nesterov ? w + momentum * s[0] - rate * g : w + s[0];
  },
  rmsprop(w, g, s, rate, _, { rho = 0.9, momentum = 0, epsilon = 1e-7, centered = false }) {
    s[0] = rho * s[0] + (1 - rho) * g * g;
    s[1] = rho * s[1] + (1 - rho) * g;
    const denominator = Math.sqrt(centered ? s[0] - s[1] ** 2 + epsilon : s[0] + epsilon);
    s[2] = momentum * s[2] + (rate * g) / denominator;
    return w - s[2];
  },
  adam,
  adamw: adam,
  adagrad(w, g, s, rate, t, { initialAccumulatorValue = 0.1, epsilon = 1e-7 }) {
    s[0] = (t === 1 ? initialAccumulatorValue : s[0]) + g * g;
    return w - (rate * g) / Math.sqrt(s[0] + epsilon);
  },
  adadelta(w, g, s, rate, _, { rho = 0.95, epsilon = 1e-7 }) {
    s[0] = rho * s[0] + (1 - rho) * g * g;
    const delta = (-Math.sqrt(s[1] + epsilon) / Math.sqrt(s[0] + epsilon)) * g;
    s[1] = rho * s[1] + (1 - rho) * delta * delta;
    return w + rate * delta;
  },
  adamax(w, g, s, rate, t, { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 }) {
    s[0] = beta1 * s[0] + (1 - beta1) * g;
    s[1] = Math.max(beta2 * s[1], Math.abs(g));
    return w - (rate * s[0]) / ((1 - Math.pow(beta1, t)) * (s[1] + epsilon));
  },
  nadam(w, g, s, rate, t, { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 }) {
    const u = (step: number) => beta1 * (1 - Math.pow(0.96, step) / 2);
    let product = 1;
    for (let step = 1; step <= t; step++) product *= u(step);
    s[0] = beta1 * s[0] + (1 - beta1) * g;
    s[1] = beta2 * s[1] + (1 - beta2) * g * g;
    const m = (u(t + 1) * s[0]) / (1 - product * u(t + 1)) + ((1 - u(t)) * g) / (1 - product);
    const v = s[1] / (1 - Math.pow(beta2, t));
    return w - (rate * m) / (Math.sqrt(v) + epsilon);
  },
};

const norm = (values: ArrayLike<number>) => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ** 2;
  return Math.sqrt(sum);
};

export class PlainOptimizer {
  readonly weights: Float64Array[];
  private readonly rule: Rule;
  private readonly options: Options;
  private readonly slots: number[][][];
  private t = 0;

  constructor(name: string, options: Options, weights: readonly ArrayLike<number>[]) {
    this.rule = RULES[name];
    this.options = name === 'adamw' ? { weightDecay: 0.004, ...options } : options;
    this.weights = weights.map((values) => Float64Array.from(values));
    this.slots = this.weights.map((values) => Array.from(values, () => [0, 0, 0]));
  }

  step(gradients: readonly ArrayLike<number>[]): void {
    const { learningRate, weightDecay = 0, clipNorm, globalClipNorm, clipValue } = this.options;
    this.t++;
    const all = norm(gradients.map(norm));
    gradients.forEach((gradient, k) => {
      const own = norm(gradient);
      for (let i = 0; i < gradient.length; i++) {
        let g = gradient[i];
        if (clipNorm && own > clipNorm) g = (g * clipNorm) / own;
        if (globalClipNorm && all > globalClipNorm) g = (g * globalClipNorm) / all;
        if (clipValue) g = Math.max(-clipValue, Math.min(clipValue, g));
        const w = this.weights[k][i] * (1 - learningRate * weightDecay);
        this.weights[k][i] = this.rule(w, g, this.slots[k][i], learningRate, this.t, this.options);
      }
    });
  }
}
