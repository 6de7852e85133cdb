import type { CellTwin } from '../twin.ts';

/** Twin of shaders/cells/lstm.wgsl. */
export const lstm: CellTwin = {
  forward(_, { act, gate, x, h, state, saved }) {
    const [xi, xf, xg, xo] = x.map((value, k) => value + h[k]);
    const [i, f, g, o] = [gate.of(xi), gate.of(xf), act.of(xg), gate.of(xo)];
    state[1] = f * state[1] + i * g;
    state[0] = o * act.of(state[1]);
    saved[0] = gate.saved(xi, i);
    saved[1] = gate.saved(xf, f);
    saved[2] = act.saved(xg, g);
    saved[3] = gate.saved(xo, o);
    return 0;
  },
  backward(_, { act, gate, saved, before, after, gradient }) {
    const [i, f, g, o] = saved;
    const squashed = act.of(after[1]);
    const dh = gradient[0];
    const dc = gradient[1] + dh * gate.value(o) * act.slope(act.saved(after[1], squashed));
    saved[0] = dc * act.value(g) * gate.slope(i);
    saved[1] = dc * before[1] * gate.slope(f);
    saved[2] = dc * gate.value(i) * act.slope(g);
    saved[3] = dh * squashed * gate.slope(o);
    gradient[0] = 0;
    gradient[1] = dc * gate.value(f);
  },
};
