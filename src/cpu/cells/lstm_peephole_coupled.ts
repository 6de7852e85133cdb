import type { CellTwin } from '../twin.ts';

/** Twin of shaders/cells/lstm_peephole_coupled.wgsl. */
export const lstmPeepholeCoupled: CellTwin = {
  forward(_, { act, gate, weights, x, h, state, saved }) {
    const [pi, po] = weights;
    const before = state[1];
    const xi = x[0] + h[0] + pi * before;
    const xg = x[1] + h[1];
    const [i, g] = [gate.of(xi), act.of(xg)];
    const c = (1 - i) * before + i * g;
    const xo = x[2] + h[2] + po * c;
    const o = gate.of(xo);
    saved[0] = gate.saved(xi, i);
    saved[1] = act.saved(xg, g);
    saved[2] = gate.saved(xo, o);
    state[0] = o * act.of(c);
    state[1] = c;
    return 0;
  },
  backward(_, { act, gate, weights, saved, before, after, gradient }) {
    const [pi, po] = weights;
    const [savedI, savedG, o] = saved;
    const i = gate.value(savedI);
    const squashed = act.of(after[1]);
    const dh = gradient[0];
    const dOut = dh * squashed * gate.slope(o);
    const dc =
      gradient[1] + dh * gate.value(o) * act.slope(act.saved(after[1], squashed)) + dOut * po;
    saved[0] = dc * (act.value(savedG) - before[1]) * gate.slope(savedI);
    saved[1] = dc * i * act.slope(savedG);
    saved[2] = dOut;
    gradient[0] = 0;
    gradient[1] = dc * (1 - i) + saved[0] * pi;
  },
};
