import type { CellTwin } from '../twin.ts';

/** Twin of shaders/cells/lstm_projected.wgsl. */
export const lstmProjected: CellTwin = {
  forward(phase, { act, gate, x, h, state, saved }) {
    if (phase === 0) {
      const [xi, xf, xg, xo] = x.map((value, k) => value + h[k]);
      const [i, f, g, o] = [gate.of(xi), gate.of(xf), act.of(xg), gate.of(xo)];
      saved[0] = gate.saved(xi, i);
      saved[1] = gate.saved(xf, f);
      saved[2] = act.saved(xg, g);
      saved[3] = gate.saved(xo, o);
      saved[4] = o * act.of(f * state[1] + i * g);
      return saved[4];
    }
    const [i, f, g] = [gate.value(saved[0]), gate.value(saved[1]), act.value(saved[2])];
    state[0] = h[0];
    state[1] = f * state[1] + i * g;
    return 0;
  },
  backward(phase, { act, gate, saved, before, after, gradient, back }) {
    if (phase === 1) {
      saved[5] = gradient[0];
      gradient[0] = 0;
      return;
    }
    const [i, f, g, o] = saved;
    const squashed = act.of(after[1]);
    const dc = gradient[1] + back * gate.value(o) * act.slope(act.saved(after[1], squashed));
    saved[0] = dc * act.value(g) * gate.slope(i);
    saved[1] = dc * before[1] * gate.slope(f);
    saved[2] = dc * gate.value(i) * act.slope(g);
    saved[3] = back * squashed * gate.slope(o);
    gradient[1] = dc * gate.value(f);
  },
};
