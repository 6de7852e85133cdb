import type { CellTwin } from '../twin.ts';

const EPSILON = 1e-5;

/** Where moments stand before the gradients of weights take their places, and the inverse roots behind them. */
const PRODUCTS_MEAN = 8;
const PRODUCTS_SPREAD = 9;
const STATE_MEAN = 11;
const STATE_SPREAD = 12;

const inverseRoot = (variance: number): number => 1 / Math.sqrt(variance + EPSILON);

/** Twin of shaders/cells/lstm_layernorm.wgsl. */
export const lstmLayernorm: CellTwin = {
  forward(phase, { act, gate, weights, x, h, state, saved }) {
    if (phase === 0) {
      for (let k = 0; k < 4; k++) saved[4 + k] = h[k];
    } else if (phase === 1) {
      const root = inverseRoot(saved[PRODUCTS_SPREAD]);
      for (let k = 0; k < 4; k++) saved[4 + k] = (saved[4 + k] - saved[PRODUCTS_MEAN]) * root;
      const [xi, xf, xg, xo] = x.map((value, k) => value + weights[k] * saved[4 + k]);
      const [i, f, g, o] = [gate.of(xi), gate.of(xf), act.of(xg), gate.of(xo)];
      saved[0] = gate.saved(xi, i);
      saved[1] = gate.saved(xf, f);
      saved[2] = act.saved(xg, g);
      saved[3] = gate.saved(xo, o);
      saved[PRODUCTS_SPREAD] = root;
      saved[10] = f * state[1] + i * g;
    } else {
      state[1] = saved[10];
      saved[STATE_SPREAD] = inverseRoot(saved[STATE_SPREAD]);
      saved[10] = (saved[10] - saved[STATE_MEAN]) * saved[STATE_SPREAD];
      state[0] = gate.value(saved[3]) * act.of(weights[4] * saved[10] + weights[5]);
    }
    return 0;
  },
  backward(phase, { act, gate, weights, saved, before, gradient }) {
    if (phase === 2) {
      const [o, n] = [saved[3], saved[10]];
      const z = weights[4] * n + weights[5];
      const squashed = act.of(z);
      const dh = gradient[0];
      const dz = dh * gate.value(o) * act.slope(act.saved(z, squashed));
      const dn = dz * weights[4] * saved[STATE_SPREAD];
      saved[3] = dh * squashed * gate.slope(o);
      saved[13] = dz;
      saved[STATE_MEAN] = dn;
      saved[STATE_SPREAD] = dn * n;
      gradient[0] = 0;
      gradient[1] += dn;
    } else if (phase === 1) {
      const [i, f, g] = saved;
      const n = saved[10];
      const dc = gradient[1] - saved[STATE_MEAN] - n * saved[STATE_SPREAD];
      saved[0] = dc * act.value(g) * gate.slope(i);
      saved[1] = dc * before[1] * gate.slope(f);
      saved[2] = dc * gate.value(i) * act.slope(g);
      gradient[1] = dc * gate.value(f);
      saved[10] = saved[13] * n;
      saved[STATE_MEAN] = saved[PRODUCTS_SPREAD];
      let [mean, spread] = [0, 0];
      for (let k = 0; k < 4; k++) {
        mean += 0.25 * saved[k] * weights[k];
        spread += 0.25 * saved[k] * weights[k] * saved[4 + k];
      }
      saved[PRODUCTS_MEAN] = mean;
      saved[PRODUCTS_SPREAD] = spread;
    } else {
      const [mean, spread, root] = [PRODUCTS_MEAN, PRODUCTS_SPREAD, STATE_MEAN].map(
        (slot) => saved[slot],
      );
      const places = [8, 9, 11, 12];
      for (let k = 0; k < 4; k++) {
        const n = saved[4 + k];
        saved[4 + k] = (saved[k] * weights[k] - mean - n * spread) * root;
        saved[places[k]] = saved[k] * n;
      }
    }
  },
};
