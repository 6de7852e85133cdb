import type { CellTwin } from '../twin.ts';

/** Twin of shaders/cells/lstm_peephole.wgsl. */
export const lstmPeephole: CellTwin = {
  forward(_, { act, gate, weights, x, h, state, saved }) {
    const [pi, pf, po] = weights;
    const before = state[1];
    const xi = x[0] + h[0] + pi * before;
    const xf = x[1] + h[1] + pf * before;
    const xg = x[2] + h[2];
    const [i, f, g] = [gate.of(xi), gate.of(xf), act.of(xg)];
    const c = f * before + i * g;
    const xo = x[3] + h[3] + po * c;
    const o = gate.of(xo);
    saved[0] = gate.saved(xi, i);
    saved[1] = gate.saved(xf, f);
    saved[2] = act.saved(xg, g);
    saved[3] = gate.saved(xo, o);
    state[0] = o * act.of(c);
    state[1] = c;
    return 0;
  },
  backward(_, { act, gate, weights, saved, before, after, gradient }) {
    const [pi, pf, po] = weights;
    const [i, f, g, o] = saved;
    const squashed = act.of(after[1]);
    const dh = gradient[0];
    const dOut = dh * squashed * gate.slope(o);
    const dc =
      gradient[1] + dh * gate.value(o) * act.slope(act.saved(after[1], squashed)) + dOut * po;
    saved[0] = dc * act.value(g) * gate.slope(i);
    saved[1] = dc * before[1] * gate.slope(f);
    saved[2] = dc * gate.value(i) * act.slope(g);
    saved[3] = dOut;
    gradient[0] = 0;
    gradient[1] = dc * gate.value(f) + saved[0] * pi + saved[1] * pf;
  },
};
